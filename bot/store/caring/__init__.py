"""Looking after jobs: what is due of them, and what people say of them."""
