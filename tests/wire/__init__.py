"""A test server on loopback that speaks the API of the OpenAPI description, and breaks it on request."""
