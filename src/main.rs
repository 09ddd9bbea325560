//! The binary `aliyun`: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    aliyun_configure::cli::main(arguments.collect(), &aliyun_configure::RealHost).into()
}
