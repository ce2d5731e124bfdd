"""Notebooks, and the documents that are made of them: pages, PDFs, README."""
