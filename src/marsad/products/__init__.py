"""Tables -> results: indicators, statistics, disclosure control."""
