"""The running bot: wiring, adapters, HTTP server, ticks, clocks, logs and metrics."""
