"""The stores: in SQL tables, or in memory. Both implement `engine.app.ports.store.Store`."""
