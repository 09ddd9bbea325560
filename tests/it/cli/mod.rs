//! The binary in a cleared environment: what scripts see of each command.

mod call;
mod check;
#[cfg(unix)]
mod completion;
mod everywhere;
#[cfg(unix)]
mod exec;
#[cfg(unix)]
mod export;
mod files;
mod get_and_list;
mod given_secrets;
#[cfg(unix)]
mod handover;
mod interactive;
#[cfg(unix)]
mod limits;
#[cfg(unix)]
mod list_table;
#[cfg(target_os = "linux")]
mod login_page;
#[cfg(unix)]
mod logins;
#[cfg(unix)]
mod odd_bytes;
mod profiles;
#[cfg(unix)]
mod programs;
#[cfg(target_os = "linux")]
mod recipes;
mod refresh;
#[cfg(unix)]
mod remedies;
mod rotate;
mod safety;
mod secrets;
mod set;
mod settings;
mod streams;
#[cfg(unix)]
mod survival;
#[cfg(unix)]
mod terminal;
#[cfg(unix)]
mod waits;
