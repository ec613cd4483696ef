//! The contracts of the ports, run over every implementation.

mod documents;
mod rooms;
