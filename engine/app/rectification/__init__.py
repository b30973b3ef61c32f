"""What a firm does about an order to put things right: read from and entered into the history of its case."""
