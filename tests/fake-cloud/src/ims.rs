//! The identity management service: the AccessKeys of the one user there is.

use hyper::StatusCode;

use crate::{
    json::Json,
    keys::{AccessKey, Keys, Status},
    request::Request,
};

/// The one host of the service.
pub(crate) const HOST: &str = "ims.aliyuncs.com";
const VERSION: &str = "2019-08-15";

type Members = Vec<(&'static str, Json)>;

/// Does what a signed request asks for; `None` stands for an API that is none.
pub(crate) fn answer(request: &Request, keys: &mut Keys) -> Option<(StatusCode, Members)> {
    let signed = request.credential().is_some() || request.params.contains_key("Signature");
    if !signed || request.version() != Some(VERSION) {
        return None;
    }
    let param = |name: &str| request.params.get(name).map_or("", String::as_str);
    let id = param("UserAccessKeyId");
    Some(match request.action()? {
        "ListAccessKeys" => list(keys),
        "CreateAccessKey" => create(keys),
        "GetAccessKeyLastUsed" => keys.of_user_mut(id).map_or_else(unknown, |key| last_used(key)),
        "UpdateAccessKey" => keys.of_user_mut(id).map_or_else(unknown, |key| update(key, param("Status"))),
        "DeleteAccessKey" if keys.of_user_mut(id).is_none() => unknown(),
        "DeleteAccessKey" => {
            keys.delete(id);
            done([])
        }
        _ => return None,
    })
}

fn list(keys: &Keys) -> (StatusCode, Members) {
    let described = |key| {
        let mut members = describe(key);
        members.push(("UpdateDate", key.create_date.as_str().into()));
        Json::object(members)
    };
    let keys: Vec<_> = keys.of_user().map(described).collect();
    done([("AccessKeys", Json::object([("AccessKey", keys.into())]))])
}

fn create(keys: &mut Keys) -> (StatusCode, Members) {
    let Some((key, secret)) = keys.create() else {
        let message = "The user already has two access keys.";
        return refused(StatusCode::BAD_REQUEST, "LimitExceeded.User.AccessKey", message);
    };
    let mut members = describe(&key);
    members.push(("AccessKeySecret", secret.into()));
    done([("AccessKey", Json::object(members))])
}

fn last_used(key: &AccessKey) -> (StatusCode, Members) {
    done([("AccessKeyLastUsed", Json::object([("LastUsedDate", key.create_date.as_str().into())]))])
}

fn update(key: &mut AccessKey, status: &str) -> (StatusCode, Members) {
    key.status = match status {
        "Active" => Status::Active,
        "Inactive" => Status::Inactive,
        _ => return refused(StatusCode::BAD_REQUEST, "InvalidParameter.Status", "Active or Inactive."),
    };
    done([])
}

fn describe(key: &AccessKey) -> Members {
    let status = match key.status {
        Status::Active => "Active",
        Status::Inactive => "Inactive",
    };
    vec![
        ("AccessKeyId", key.id.as_str().into()),
        ("Status", status.into()),
        ("CreateDate", key.create_date.as_str().into()),
    ]
}

fn done<const N: usize>(members: [(&'static str, Json); N]) -> (StatusCode, Members) {
    (StatusCode::OK, members.into())
}

fn unknown() -> (StatusCode, Members) {
    refused(StatusCode::NOT_FOUND, "EntityNotExist.User.AccessKey", "The access key does not exist.")
}

fn refused(status: StatusCode, code: &str, message: &str) -> (StatusCode, Members) {
    (status, vec![("Code", code.into()), ("Message", message.into())])
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use hyper::Request as HttpRequest;

    use super::*;
    use crate::scenario::Scenario;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    fn ask(keys: &mut Keys, query: &str) -> Result<(u16, String), Box<dyn std::error::Error>> {
        let uri = format!("/?Signature=x&Version={VERSION}&{query}");
        let (parts, ()) = HttpRequest::post(uri).body(())?.into_parts();
        let (status, members) = answer(&Request::new(&parts, Bytes::new()), keys).ok_or("no answer")?;
        Ok((status.as_u16(), Json::object(members).to_line()?))
    }

    fn keys(scenario: &str) -> Result<Keys, serde_json::Error> {
        let scenario: Scenario = serde_json::from_str(scenario)?;
        let secrets = [("LTAIold", "s"), ("STS.session", "t")];
        let owned = |(id, secret): (&str, &str)| (id.to_owned(), secret.to_owned());
        Ok(Keys::new(&scenario.keys, secrets.map(owned).into()))
    }

    #[test]
    fn the_user_has_the_keys_of_the_secrets_and_may_have_one_more() -> Outcome {
        let mut keys = keys(r#"{"propagation": 2}"#)?;
        let old = r#"{"AccessKeyId": "LTAIold", "Status": "Active", "CreateDate": "2024-01-02T12:00:00Z", "UpdateDate": "2024-01-02T12:00:00Z"}"#;
        let list = format!(r#"{{"AccessKeys": {{"AccessKey": [{old}]}}}}"#);
        assert_eq!(ask(&mut keys, "Action=ListAccessKeys")?, (200, list));
        let created = r#"{"AccessKey": {"AccessKeyId": "LTAI5tCreated0001", "Status": "Active", "CreateDate": "2024-01-02T12:00:00Z", "AccessKeySecret": "created-secret-0001"}}"#;
        assert_eq!(ask(&mut keys, "Action=CreateAccessKey")?, (200, created.to_owned()));
        assert_eq!(keys.secret("LTAI5tCreated0001").as_deref(), Some("created-secret-0001"));
        assert_eq!([(); 3].map(|()| keys.is_too_young("LTAI5tCreated0001")), [true, true, false]);
        assert_eq!(ask(&mut keys, "Action=CreateAccessKey")?.0, 400);
        Ok(())
    }

    #[test]
    fn a_key_is_disabled_and_deleted() -> Outcome {
        let mut keys =
            keys(r#"{"keys": [{"AccessKeyId": "LTAIa"}, {"AccessKeyId": "LTAIb", "Status": "Inactive"}]}"#)?;
        assert_eq!(["LTAIa", "LTAIb", "LTAIold"].map(|id| keys.is_inactive(id)), [false, true, false]);
        let update = |status| format!("Action=UpdateAccessKey&UserAccessKeyId=LTAIa&Status={status}");
        assert_eq!(ask(&mut keys, &update("Gone"))?.0, 400);
        assert_eq!(ask(&mut keys, &update("Inactive"))?, (200, "{}".to_owned()));
        assert!(keys.is_inactive("LTAIa"));
        let delete = "Action=DeleteAccessKey&UserAccessKeyId=LTAIa";
        assert_eq!(ask(&mut keys, delete)?, (200, "{}".to_owned()));
        assert_eq!(ask(&mut keys, delete)?.0, 404);
        assert_eq!(keys.of_user().map(|key| key.id.as_str()).collect::<Vec<_>>(), ["LTAIb"]);
        Ok(())
    }
}
