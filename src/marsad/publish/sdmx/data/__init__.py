"""Data messages: SDMX-CSV, SDMX-JSON and SDMX-ML from Arrow tables."""
