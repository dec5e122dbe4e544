"""Citizens' applications: names, form data, documents, filing. Everything in here is fictional."""
