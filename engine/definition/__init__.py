"""Text -> spanned nodes -> checked, frozen definitions. The only room that knows YAML."""
