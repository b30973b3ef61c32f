"""Commands on drafts."""
