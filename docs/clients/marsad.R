# Marsad from R, in one file: needs jsonlite. source("marsad.R"), then:
#
#   flows <- marsad_indicators()
#   rate  <- marsad_data("unemployment_rate", area = "MA", survey = "ENE", freq = "A", sex = "_T")
#   tail(rate[, c("period", "area_label", "value")])
#
# Every row keeps its survey, source, status and release; `synthetic` is TRUE for data written by a program.

marsad_options <- new.env()
marsad_options$base <- Sys.getenv("MARSAD_URL", "http://127.0.0.1:8000")
marsad_options$language <- Sys.getenv("MARSAD_LANGUAGE", "fr") # ar, fr or en
marsad_options$held <- new.env() # answers by address

# The text at an address of the API, asked once a session; stops with the words of the API where it refuses.
marsad_get <- function(path, query = list()) {
  query <- Filter(Negate(is.null), query)
  parts <- vapply(names(query), function(name) {
    paste0(name, "=", utils::URLencode(paste(query[[name]], collapse = ","), reserved = TRUE))
  }, "")
  url <- paste0(marsad_options$base, path, if (length(parts)) "?", paste(parts, collapse = "&"))
  if (!is.null(marsad_options$held[[url]])) return(marsad_options$held[[url]])
  file <- tempfile()
  on.exit(unlink(file))
  for (tried in 1:4) {
    done <- tryCatch(utils::download.file(url, file, quiet = TRUE, mode = "wb"),
                     warning = function(w) w, error = function(e) e)
    if (identical(done, 0L)) break
    if (tried == 4) stop("Marsad: ", url, ": ", conditionMessage(done), call. = FALSE)
    Sys.sleep(2^(tried - 1))
  }
  text <- paste(readLines(file, encoding = "UTF-8", warn = FALSE), collapse = "\n")
  assign(url, text, envir = marsad_options$held)
  text
}

# Every indicator: its id, title in the language, unit.
marsad_indicators <- function() {
  listed <- jsonlite::fromJSON(marsad_get("/api/v1/indicators"))$indicators
  data.frame(id = listed$id, title = listed$title[[marsad_options$language]], unit = listed$unit)
}

# Values of an indicator as a data frame, codes and labels; filters as the API names them.
marsad_data <- function(id, ...) {
  query <- c(list(...), format = "csv", lang = marsad_options$language)
  text <- marsad_get(paste0("/api/v1/indicators/", id, "/data"), query)
  frame <- utils::read.csv(text = text, encoding = "UTF-8", na.strings = "", check.names = FALSE,
                           colClasses = c(period = "character", freq = "character"))
  frame$synthetic <- frame$synthetic == "true"
  frame
}

# Labels of a code list: a named vector from code to label.
marsad_labels <- function(list) {
  codes <- jsonlite::fromJSON(marsad_get(paste0("/api/v1/codes/", list)))$codes
  vapply(codes, function(text) text[[marsad_options$language]], "")
}
