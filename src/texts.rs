//! Texts in both languages.

use crate::language::Language;

/// A text in English and in Chinese.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Text {
    /// In English.
    pub(crate) en: &'static str,
    /// In Chinese.
    pub(crate) zh: &'static str,
}

impl Text {
    /// No text.
    pub(crate) const NONE: Self = Self { en: "", zh: "" };

    /// Gives the text in a language.
    pub(crate) fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Chinese => self.zh,
        }
    }

    /// Gives the text in a language with each `%s` replaced by one of the values, in their order.
    pub(crate) fn with(self, language: Language, values: &[&str]) -> String {
        let mut parts = self.in_language(language).split("%s");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for (part, value) in parts.zip(values) {
            text.push_str(value);
            text.push_str(part);
        }
        text
    }
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident $en:literal $zh:literal;)*) => {$(
        $(#[$doc])*
        pub(crate) const $name: Text = Text { en: $en, zh: $zh };
    )*};
}

texts! {
    /// In front of an address that the browser was started with.
    IF_NO_BROWSER_OPENS
        "If the browser does not open automatically, use the following URL to complete the login process:"
        "如果浏览器没有自动打开，请使用以下URL完成登录过程:";
    /// In front of the address itself.
    SIGN_IN_URL "SignIn url" "登录URL";
    /// In front of the code that confirms a device.
    USER_CODE "User code" "用户码";
    /// The browser has an OAuth login.
    OAUTH_IN_BROWSER
        "Now you can login to your account with OAuth configuration in the browser."
        "现在您可以在浏览器中使用OAuth配置登录您的账户。";
    /// The browser has a CloudSSO login.
    SSO_IN_BROWSER
        "Now you can login to your account with SSO configuration in the browser."
        "现在您可以在浏览器中使用SSO配置登录您的账户。";
    /// The browser could not be started; the reason follows.
    BROWSER_FAILED "Failed to open browser" "打开浏览器失败";
    /// This system is not known to have a way to start a browser; the address follows.
    NO_BROWSER_KNOWN
        "Cannot automatically open browser, please visit manually"
        "无法自动打开浏览器，请手动访问";
    /// What standard error shows while a login goes on in the browser.
    WAITING_FOR_BROWSER
        "Waiting for the login in the browser (Ctrl-C gives up)."
        "正在等待在浏览器中完成登录（按 Ctrl-C 放弃）。";
    /// How a browser on another machine serves.
    PASTE_ADDRESS
        "Is the browser on another machine? Then paste here the address of the page on which the login ends."
        "浏览器在另一台机器上？请把登录结束时页面的地址粘贴到此处。";
    /// A pasted line is of no use.
    NOT_THE_ADDRESS
        "This is not the address on which this login ends; it holds a code and the state of this login."
        "这不是本次登录结束时的地址；该地址应包含 code 和本次登录的 state。";
    /// A login took too long.
    LOGIN_TIMEOUT "Login timeout, please try again." "登录超时，请重新登录。";
    /// The code of a device is over.
    LOGIN_EXPIRED "Your request has expired, please login again." "您的请求已过期，请重新登录。";
    /// The login at CloudSSO worked.
    LOGGED_IN "You have successfully logged in." "您已成功登录。";
    /// The login at CloudSSO could not be begun; the reason follows.
    DEVICE_FAILED "Start Device Authorization error" "启动设备授权失败";
    /// The login at CloudSSO did not end well; the reason follows.
    ACCESS_TOKEN_FAILED "Error occurred while obtaining access token" "获取访问令牌时发生错误";
    /// A sign-in address is none; the reason follows.
    SIGN_IN_URL_UNREADABLE "Parse sign in url error" "解析登录地址错误";
    /// A sign-in address cannot be asked; the reason follows.
    REQUEST_IMPOSSIBLE "Error creating HTTP request" "创建HTTP请求错误";
    /// A server cannot be reached; the reason follows.
    REQUEST_FAILED "Error sending HTTP request" "发送HTTP请求错误";
    /// A server refused without saying why in a known form; the status follows.
    HTTP_ERROR "HTTP error" "HTTP错误";
    /// An answer cannot be read; the reason follows.
    ANSWER_UNREADABLE "Error parsing response data" "解析响应数据错误";
    /// A CloudSSO profile lacks something; `%s` is the command that asks for it.
    SSO_INCOMPLETE
        "CloudSSO sign in url or account id or access config is empty, please configure with command: %s"
        "CloudSSO登录链接或账号ID或访问配置无效，请通过命令：%s 重新完成配置";
    /// A CloudSSO login is over; `%s` is the command that begins another.
    SSO_EXPIRED
        "CloudSSO access token is expired, please re-login with command: %s"
        "CloudSSO访问令牌已过期，请通过命令：%s 重新登录";
    /// A CloudSSO login gives no session; the reason follows.
    SSO_NO_SESSION
        "Create STS from CloudSSO failed"
        "从 CloudSSO 接口创建STS凭证失败，请重试或检查配置是否错误";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_for_the_marks_and_are_no_marks_themselves() {
        let text = Text { en: "call %s (rule: %s)!", zh: "规则 %s" };
        assert_eq!(text.with(Language::English, &["a%sb", "c"]), "call a%sb (rule: c)!");
        assert_eq!(text.with(Language::Chinese, &["a"]), "规则 a");
    }
}
