"""The portal: results shown to people, in Arabic, French and English."""
