"""People in SQL: how they sign in, for whom they act, what two of them have agreed to."""
