//! The config file under fire: many writers and readers against a model, a fault at every system call of a
//! writer, and folders that refuse.

#[cfg(target_os = "linux")]
mod faults;
mod history;
mod locks;
mod model;
#[cfg(target_os = "linux")]
mod refusals;
