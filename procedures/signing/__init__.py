"""Keys, digital signatures, and who may sign now."""
