//! What can go wrong, by name: the one table from there to a status.

use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong, for programs, and for pages that say it in another language. A name stays what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ErrorCode {
    /// A defect; the log has it under the request's id.
    Internal,
    /// There is nothing at this path.
    UnknownResource,
    /// There is something, and this cannot be done with it.
    UnknownMethod,
    /// The request took too long to arrive or to be answered.
    RequestTooSlow,

    /// Nobody is signed in.
    NotSignedIn,
    /// The token is misspelt, revoked or expired.
    UnknownToken,
    /// Role or token do not reach that far.
    NotAllowed,
    /// Takes access to all packages.
    NotAllPackages,
    /// Only an owner may.
    OwnersOnly,
    /// Another site's page asks for a change.
    OtherSite,
    /// One network asks too often.
    TooManyRequests,

    /// Name or password; which one is not said.
    WrongPassword,
    /// The second factor's code.
    WrongSecondFactor,
    /// The one-time code of the first owner.
    WrongSetupCode,
    /// A link that was used, taken back or is too old.
    WrongLink,
    /// There is an owner already.
    AlreadySetUp,
    /// Too many tries with one name.
    TooManyAttempts,
    /// A name that cannot be used.
    InvalidName,
    /// A name that somebody has.
    NameTaken,
    /// A password that is too short or far too long.
    InvalidPassword,
    /// A second factor's secret that was not proposed.
    InvalidSecondFactor,
    /// A guest without packages, or somebody else with some.
    InvalidPackages,
    /// A token for nothing, for ever, or for too much.
    InvalidToken,
    /// A release that no mark can be made of.
    InvalidRelease,
    /// The account has no password.
    NoPassword,
    /// The last owner stays.
    LastOwner,
    /// The operator turned passwords off.
    PasswordsOff,
    /// Whoever the provider vouches for has no account here.
    NotInvited,
    /// Whoever the provider vouches for has an account already.
    IdentityTaken,
    /// No provider signs people in here.
    NoProvider,
    /// The provider does not answer.
    ProviderDown,
    /// The account database does not answer.
    AccountsDown,

    /// A question that makes no sense, with the place.
    InvalidQuestion,
    /// A parameter that makes no sense.
    InvalidParameter,
    /// A body that is not what is expected, with the place.
    InvalidBody,
    /// A body that is too large.
    BodyTooLarge,
    /// A body that does not say that it is JSON.
    NotJson,
    /// A package that is not there, or not theirs to see.
    NoSuchPackage,
    /// An organisation that is not there.
    NoSuchOrganisation,
    /// A session, user, token or invitation that is not there, or not theirs to see.
    NoSuchEntry,

    /// A statement that is empty or too long.
    StatementLength,
    /// A statement that is not one `SELECT`.
    StatementNotReading,
    /// A statement with a function that is not for statements.
    StatementForbidden,
    /// A statement with a `FORMAT` of its own.
    StatementFormat,
    /// What ClickHouse says against a statement.
    StatementRefused,
    /// An answer that is larger than is held.
    AnswerTooLarge,
    /// No statements, since ClickHouse is a server of the operator's own.
    StatementsElsewhere,
    /// Others' statements are running.
    StatementsBusy,

    /// ClickHouse does not answer.
    StoreUnreachable,
    /// ClickHouse's tables are not there yet.
    StoreNotReady,
    /// ClickHouse has too much to do.
    StoreBusy,
    /// ClickHouse took too long.
    StoreTooSlow,

    /// Others' exports are running.
    ExportsBusy,
    /// Others are checking.
    ChecksBusy,
    /// Too many are watching.
    TooManyWatching,
    /// Corrections are not taken here.
    CorrectionsOff,
    /// A correction was not stored.
    CorrectionNotStored,
    /// Imports by HTTP are off.
    ImportsOff,
    /// Another import is under way.
    ImportBusy,
    /// Another import is under way, as those who import by Scarf's paths are told.
    TooManyImports,
    /// An import that must name its package.
    ImportNeedsPackage,
    /// An import that asks for what there is not.
    InvalidImport,
    /// An import that breaks off or is damaged.
    ImportDamaged,
    /// An import that decompresses to too much.
    ImportTooLarge,
    /// An import that ClickHouse does not take now.
    ImportNotStored,
}

impl ErrorCode {
    /// The status that goes with it.
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::RequestTooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::UnknownMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyTooLarge | Self::ImportTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::StoreTooSlow => StatusCode::GATEWAY_TIMEOUT,
            Self::LastOwner | Self::IdentityTaken => StatusCode::CONFLICT,
            Self::NotSignedIn
            | Self::UnknownToken
            | Self::WrongPassword
            | Self::WrongSecondFactor => StatusCode::UNAUTHORIZED,
            Self::NotAllowed
            | Self::NotAllPackages
            | Self::OwnersOnly
            | Self::OtherSite
            | Self::WrongSetupCode
            | Self::PasswordsOff
            | Self::NotInvited
            | Self::ImportNeedsPackage => StatusCode::FORBIDDEN,
            Self::UnknownResource
            | Self::WrongLink
            | Self::AlreadySetUp
            | Self::NoProvider
            | Self::NoSuchPackage
            | Self::NoSuchOrganisation
            | Self::NoSuchEntry
            | Self::StatementsElsewhere
            | Self::CorrectionsOff
            | Self::ImportsOff => StatusCode::NOT_FOUND,
            Self::TooManyRequests
            | Self::TooManyAttempts
            | Self::ChecksBusy
            | Self::TooManyWatching => StatusCode::TOO_MANY_REQUESTS,
            Self::InvalidName
            | Self::NameTaken
            | Self::InvalidPassword
            | Self::InvalidSecondFactor
            | Self::InvalidPackages
            | Self::InvalidToken
            | Self::InvalidRelease
            | Self::NoPassword
            | Self::TooManyImports => StatusCode::UNPROCESSABLE_ENTITY,
            Self::InvalidQuestion
            | Self::InvalidParameter
            | Self::InvalidBody
            | Self::StatementLength
            | Self::StatementNotReading
            | Self::StatementForbidden
            | Self::StatementFormat
            | Self::StatementRefused
            | Self::AnswerTooLarge
            | Self::InvalidImport
            | Self::ImportDamaged => StatusCode::BAD_REQUEST,
            Self::ProviderDown
            | Self::AccountsDown
            | Self::StatementsBusy
            | Self::StoreUnreachable
            | Self::StoreNotReady
            | Self::StoreBusy
            | Self::ExportsBusy
            | Self::CorrectionNotStored
            | Self::ImportBusy
            | Self::ImportNotStored => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}
