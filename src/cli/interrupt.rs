//! Whether a person pressed the interrupt key.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the key was pressed.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on the key does not end the program.
///
/// # Errors
///
/// If the system does not let a program listen to it.
pub(super) fn listen() -> Result<(), ctrlc::Error> {
    match ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed)) {
        Ok(()) | Err(ctrlc::Error::MultipleHandlers) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether it was pressed since.
pub(super) fn is_pressed() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}
