//! Generated Caddyfiles in front of the real Caddy.
