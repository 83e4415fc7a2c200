//! Tests of the systems.
