use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use super::{BoxFuture, Context, Mode, Obtained};
use crate::config::field::Field;
use crate::credentials::AccessKey;
use crate::error::{Barrier, Error, Result, ServiceError};
use crate::http::{Method, Request, Response, Route, Timeouts};
use crate::secret::Secret;
use crate::sts::session::{not_successful, read_json, read_session};

/// The RAM role of the ECS instance that this program runs on.
pub(crate) struct EcsRamRole;

const SERVICE: &str = "http://100.100.100.200/latest";
const ROLES: &str = "/meta-data/ram/security-credentials/";
const TIMEOUTS: Timeouts = Timeouts { connect: Duration::from_secs(1), total: Duration::from_secs(2) };
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
const FAILED: &str = "refresh Ecs sts token err";

impl Mode for EcsRamRole {
    fn name(&self) -> &'static str {
        "EcsRamRole"
    }

    fn required(&self) -> &'static [Field] {
        &[]
    }

    fn obtain<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Obtained> {
        Box::pin(async move { Ok(instance_access_key(context).await?.into()) })
    }
}

/// Asks the instance's metadata service for the access key of its role (wire, section 2.4).
pub(super) async fn instance_access_key(context: &Context<'_>) -> Result<AccessKey> {
    let Context { host, profile, .. } = context;
    const SWITCH: &str = "ALIBABA_CLOUD_ECS_METADATA_DISABLED";
    if host.is_on(SWITCH) {
        let text = "IMDS credentials is disabled".to_owned();
        return Err(Error::Blocked { text, by: Barrier::Variable(SWITCH) });
    }
    let role = match profile.text(Field::RamRoleName) {
        "" => host.var("ALIBABA_CLOUD_ECS_METADATA"),
        role => Some(role.to_owned()),
    };
    let role = match role {
        Some(role) => a_role(role)?,
        None => a_role(discover_role(context).await?)?,
    };
    let role = utf8_percent_encode(&role, IN_PATH);
    let response =
        get(context, &format!("{ROLES}{role}")).await.map_err(|error| error.during(format!("{FAILED}: ")))?;
    if response.status != 200 {
        let text = format!("{FAILED}, httpStatus: {}", response.status);
        return Err(Error::rejected(text, answered(response.status)));
    }
    let response = read_json(&response.body, FAILED)?;
    let access_key = read_session(*host, &response, FAILED, "ecs_ram_role".into())?;
    match response.text("Code") {
        "Success" => Ok(access_key),
        _ => Err(not_successful(FAILED, &response)),
    }
}

/// Returns a role's name, or an error where it would lead to another page of the metadata service.
fn a_role(name: String) -> Result<String> {
    if matches!(name.as_str(), "." | "..")
        || name.contains(|sign: char| "/\\".contains(sign) || sign.is_control())
    {
        return Err(Error::unexpected("the name of the instance's RAM role is no name of a role"));
    }
    Ok(name)
}

async fn discover_role(context: &Context<'_>) -> Result<String> {
    const FAILED: &str = "get role name failed: ";
    let response = get(context, ROLES).await.map_err(|error| error.during(FAILED))?;
    let role = response.body.expose().trim();
    match (response.status, role) {
        (200, "") => Err(Error::invalid(format!("{FAILED}the instance has no role"))),
        (200, role) => Ok(role.to_owned()),
        (status, _) => {
            let text = format!("{FAILED}GET {SERVICE}{ROLES} {status}");
            Err(Error::rejected(text, answered(status)))
        }
    }
}

/// Makes the error of a status of the metadata service.
fn answered(status: u16) -> ServiceError {
    ServiceError { host_id: crate::error::METADATA_SERVICE.to_owned(), ..ServiceError::of_status(status) }
}

/// Gets a path of the service with a fresh token, or without one where the service issues none.
async fn get(context: &Context<'_>, path: &str) -> Result<Response> {
    let mut request = request(Method::Get, path)?;
    if let Some(token) = token(context).await? {
        request.headers.push(("x-aliyun-ecs-metadata-token", token));
    }
    context.http.send(request).await
}

/// Gets a token for one request; `None` where the service issues none and that is allowed.
async fn token(context: &Context<'_>) -> Result<Option<Secret>> {
    let request =
        request(Method::Put, "/api/token")?.header("x-aliyun-ecs-metadata-token-ttl-seconds", "21600");
    let error = match context.http.send(request).await {
        Ok(response) if response.status == 200 => {
            let token = response.body.expose().trim();
            return Ok((!token.is_empty()).then(|| Secret::new(token)));
        }
        Ok(Response { status, .. }) => Error::rejected(format!("httpStatus: {status}"), answered(status)),
        Err(error) => error,
    };
    if context.host.is_on("ALIBABA_CLOUD_IMDSV1_DISABLED") {
        return Err(error.during("get metadata token failed: "));
    }
    Ok(None)
}

fn request(method: Method, path: &str) -> Result<Request> {
    let url = Url::parse(&format!("{SERVICE}{path}"));
    let url = url.map_err(|_| Error::invalid("the name of the role fits into no address"))?;
    Ok(Request { timeouts: TIMEOUTS, route: Route::Direct, ..Request::new(method, url) })
}

#[cfg(feature = "cli")]
pub(super) mod configure {
    use super::*;
    use crate::config::profile::Profile;
    use crate::modes::{Configurable, Question};

    pub(in crate::modes) const ROLE_NAME: Question = Question::new(Field::RamRoleName, "Ecs Ram Role");

    impl Configurable for EcsRamRole {
        fn flag_fields(&self) -> &'static [Field] {
            &[Field::RamRoleName]
        }

        fn questions(&self) -> Option<&'static [Question]> {
            Some(&[ROLE_NAME])
        }

        fn summary(&self, profile: &Profile) -> String {
            format!("EcsRamRole:{}", profile.text(Field::RamRoleName))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_leads_elsewhere_is_no_role() {
        for name in ["..", ".", "../../user-data", "a/b", "/", "a\\b", "..\\", "a\nb", "a\0"] {
            assert!(a_role(name.to_owned()).is_err(), "{name}");
        }
        for name in ["my-role", "AliyunECS_role.2", "...", "%2e%2e", "角色"] {
            assert_eq!(a_role(name.to_owned()).unwrap(), name);
        }
    }
}
