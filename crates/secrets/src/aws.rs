//! AWS Secrets Manager as a source of secrets: a client that owns its thread and its runtime, so that whoever asks may block.

use std::fmt;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileRegionProvider;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_secretsmanager::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use strata_config_core::Secret;

use crate::remote::{Fetch, FetchError, Fetched, Remote};

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The scheme: `aws-sm:NAME#FIELD@STAGE`.
const SCHEME: &str = "aws-sm";

/// Where AWS Secrets Manager is, and as whom it is asked. What is not said here is what every program of AWS's finds out:
/// variables, profiles, the role of the machine.
#[derive(Debug, Clone, Default)]
pub struct AwsSettings {
    region: Option<String>,
    default_region: Option<String>,
    endpoint: Option<String>,
    credentials: Option<(String, Secret<String>)>,
}

impl AwsSettings {
    /// What every program of AWS's finds out.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The region, such as `eu-central-1`.
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// The region where neither variables nor a profile say one; the machine's own is not asked for then.
    #[must_use]
    pub fn default_region(mut self, region: impl Into<String>) -> Self {
        self.default_region = Some(region.into());
        self
    }

    /// Another address than AWS's own: of a proxy within a network, or of a test's server.
    #[must_use]
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some(url.into());
        self
    }

    /// A key's id and its secret. With them nobody asks the machine for a role of its own.
    #[must_use]
    pub fn credentials(mut self, id: impl Into<String>, secret: Secret<String>) -> Self {
        self.credentials = Some((id.into(), secret));
        self
    }
}

/// A question, and where its answer goes.
struct Question {
    name: String,
    stage: String,
    answer: Sender<Result<Fetched, FetchError>>,
}

/// The client of AWS Secrets Manager.
pub struct AwsSecrets {
    questions: Mutex<Sender<Question>>,
}

/// The secrets of AWS Secrets Manager, cached for 300 seconds.
///
/// # Errors
/// Where the system has no thread left.
pub fn aws(settings: AwsSettings) -> std::io::Result<Remote<AwsSecrets>> {
    let (sender, receiver) = channel();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name("aws-secrets".to_owned()).spawn(move || serve(&runtime, &settings, &receiver))?;
    Ok(Remote::new(SCHEME, AwsSecrets { questions: Mutex::new(sender) }))
}

/// Answers questions until nobody can ask any more.
fn serve(runtime: &tokio::runtime::Runtime, settings: &AwsSettings, questions: &Receiver<Question>) {
    let mut client = None;
    while let Ok(Question { name, stage, answer }) = questions.recv() {
        let found = runtime.block_on(async {
            if client.is_none() {
                client = Some(connect(settings).await);
            }
            let Some(client) = &client else { return Err(FetchError::Away("there is no client".to_owned())) };
            let asked = tokio::time::timeout(PATIENCE, ask(client, &name, &stage)).await;
            asked.unwrap_or_else(|_| Err(FetchError::Away("AWS Secrets Manager did not answer in time".to_owned())))
        });
        // Whoever asked may be gone.
        let _ = answer.send(found);
    }
}

async fn connect(settings: &AwsSettings) -> Client {
    let http = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(http);
    let of = |region: &String| Region::new(region.clone());
    if let Some(region) = &settings.region {
        loader = loader.region(of(region));
    } else if settings.default_region.is_some() || settings.credentials.is_some() {
        let said = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new());
        let said = said.or_else(ProfileFileRegionProvider::new());
        loader = loader.region(settings.default_region.iter().fold(said, |said, region| said.or_else(of(region))));
    }
    if let Some(endpoint) = &settings.endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    if let Some((id, secret)) = &settings.credentials {
        loader = loader.credentials_provider(Credentials::new(id, secret.expose(), None, None, "settings"));
    }
    // The cache in front tries again by itself, and says so.
    let shared = loader.retry_config(aws_config::retry::RetryConfig::disabled()).load().await;
    Client::new(&shared)
}

async fn ask(client: &Client, name: &str, stage: &str) -> Result<Fetched, FetchError> {
    let answer = client.get_secret_value().secret_id(name).version_stage(stage).send().await;
    let answer = answer.map_err(|error| refused(name, stage, &error))?;
    let version = answer.version_id().unwrap_or_default().to_owned();
    match (answer.secret_string(), answer.secret_binary()) {
        (Some(text), _) => Ok(Fetched { text: Secret::from(text), version }),
        (None, Some(_)) => Err(FetchError::Refused(format!("the secret `{name}` is no text"))),
        (None, None) => Err(FetchError::Missing(format!("the secret `{name}` is empty"))),
    }
}

/// What AWS says, in words that hold neither the secret nor the credentials: the error's code alone.
fn refused(name: &str, stage: &str, error: &SdkError<GetSecretValueError>) -> FetchError {
    let SdkError::ServiceError(service) = error else {
        let is_network = matches!(error, SdkError::DispatchFailure(failure) if failure.is_io() || failure.is_timeout());
        let why = if is_network { "" } else { ", or no region and no credentials for it are known" };
        return FetchError::Away(format!("AWS Secrets Manager can't be reached for `{name}`{why}"));
    };
    let status = service.raw().status().as_u16();
    match service.err().code().unwrap_or_default() {
        "ResourceNotFoundException" => {
            FetchError::Missing(format!("AWS Secrets Manager has no secret `{name}` with the version {stage}"))
        }
        code if status >= 500 || code.contains("Throttl") || code.contains("TooManyRequests") => {
            FetchError::Away(format!("AWS Secrets Manager is too busy for `{name}` ({code})"))
        }
        // It says so only of a secret that waits for its deletion.
        "InvalidRequestException" => FetchError::Refused(format!(
            "AWS Secrets Manager does not give `{name}`, which may be marked for deletion (InvalidRequestException)"
        )),
        code => FetchError::Refused(format!("AWS Secrets Manager does not give `{name}` ({code})")),
    }
}

impl Fetch for AwsSecrets {
    fn fetch(&self, name: &str, stage: &str) -> Result<Fetched, FetchError> {
        let away = || FetchError::Away("the thread that asks AWS Secrets Manager has ended".to_owned());
        let (answer, received) = channel();
        let question = Question { name: name.to_owned(), stage: stage.to_owned(), answer };
        let questions = self.questions.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        questions.send(question).map_err(|_| away())?;
        received.recv().map_err(|_| away())?
    }
}

impl fmt::Debug for AwsSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AwsSecrets")
    }
}
