"""What people write: accounts, API keys, alerts, messages going out, and the ports of the portal."""
