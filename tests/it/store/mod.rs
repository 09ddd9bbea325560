//! The config file under fire: many writers and readers against a model, a fault at every system call of a
//! writer, and folders that refuse.

#[cfg(target_os = "linux")]
mod faults;
mod history;
#[cfg(target_os = "linux")]
mod in_place;
mod locks;
mod model;
#[cfg(target_os = "linux")]
mod odd_paths;
#[cfg(target_os = "linux")]
mod other_programs;
#[cfg(target_os = "linux")]
mod ownership;
#[cfg(target_os = "linux")]
mod refusals;
#[cfg(target_os = "linux")]
mod rotation;
