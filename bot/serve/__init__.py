"""The running bot: wiring, adapters, HTTP, ticks, clocks and logs."""
