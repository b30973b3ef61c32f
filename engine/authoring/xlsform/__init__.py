"""Workbooks of XLSForm (survey, choices, settings) made into forms of the language."""
