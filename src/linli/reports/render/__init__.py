"""Renderers: a bound draft as .docx, .pdf or .html."""
