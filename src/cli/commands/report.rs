//! What `configure` says about the check of a new profile (wire, section 9.6).

use crate::error::{Error, ServiceError};
use crate::storage::json;

/// The picture for a profile that works.
pub(crate) const DONE: &str = r"
Configure Done!!!
..............888888888888888888888 ........=8888888888888888888D=..............
...........88888888888888888888888 ..........D8888888888888888888888I...........
.........,8888888888888ZI: ...........................=Z88D8888888888D..........
.........+88888888 ..........................................88888888D..........
.........+88888888 .......Welcome to use Alibaba Cloud.......O8888888D..........
.........+88888888 ............. ************* ..............O8888888D..........
.........+88888888 .... Command Line Interface(Reloaded) ....O8888888D..........
.........+88888888...........................................88888888D..........
..........D888888888888DO+. ..........................?ND888888888888D..........
...........O8888888888888888888888...........D8888888888888888888888=...........
............ .:D8888888888888888888.........78888888888888888888O ..............
";

/// Returns the frame around the error of a profile that does not work.
pub(crate) fn failed(error: &str) -> String {
    let dashes = "-".repeat(47);
    let headline = format!("{dashes}\n!!! Configure Failed please configure again !!!\n{dashes}\n");
    format!("{headline}{error}\n{headline}")
}

/// Returns the error of the call itself, of which more is shown where the service rejects it.
pub(crate) fn of_call(error: &Error) -> String {
    match error {
        Error::Rejected { service, .. } => service_error(service),
        other => other.to_string(),
    }
}

fn service_error(error: &ServiceError) -> String {
    let ServiceError { status, code, message, request_id, .. } = error;
    let known = [
        ("Code", code),
        ("HostId", &error.host_id),
        ("Message", message),
        ("Recommend", &error.recommend),
        ("RequestId", request_id),
    ];
    let members = known.iter().filter(|(_, value)| !value.is_empty());
    let data: Vec<_> = members.map(|(key, value)| format!("\"{key}\":{}", json::quote(value))).collect();
    format!(
        "SDKError:\n   StatusCode: {status}\n   Code: {code}\n   Message: code: {status}, {message} request id: {request_id}\n   Data: {{{}}}\n",
        data.join(",")
    )
}
