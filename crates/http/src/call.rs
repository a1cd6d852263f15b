//! One request of any contract: its sender, its body, its one hop to a blocking lane, its refusal.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
    sync::Arc,
};

use actix_web::{
    Error, FromRequest, HttpMessage as _, HttpRequest, HttpResponse, dev,
    error::InternalError,
    web::{Bytes, Data, Payload},
};
use selfsame_application::{Authenticate, Caller, Core, Credential, limits::observe_budgets};
use selfsame_domain::{OpaqueToken, RequestContext, Violations};
use selfsame_texts::Language;

use crate::{
    HttpOptions, Lane, Lanes, Services,
    body::{self, Content, MediaType, Members, SendingAccount},
    context::request_context,
    contract::Contract,
    cookies::session_cookies,
    credentials::Credentials,
    failure::Failure,
    language::Reader,
    rate_limits,
    reason::Reason,
    rejection::Rejection,
    request_id::RequestId,
    scopes::{self, Needed},
};

/// The result of a handler.
pub(crate) type HandlerResult = Result<HttpResponse, Error>;

/// A request, not checked yet. Each handler decides the order of the checks.
pub(crate) struct Call<C: Contract> {
    request: HttpRequest,
    options: Data<HttpOptions>,
    services: Data<Services>,
    lanes: Data<Lanes>,
    sender: Sender<C>,
}

/// The sender of a request, not authenticated yet. A job in a lane gets one.
pub(crate) struct Sender<C> {
    /// Not verified.
    pub(crate) credentials: Credentials,
    /// For the audit trail and the rate limits.
    pub(crate) context: RequestContext,
    reader: Reader,
    /// What the token of an application must allow for this route.
    needed: Needed,
    contract: PhantomData<fn() -> C>,
}

/// The body of a request of one contract.
pub(crate) struct Body<C> {
    content: Content,
    contract: PhantomData<fn() -> C>,
}

impl<C: Contract> FromRequest for Call<C> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let call = Self::of(request).ok_or_else(|| refused::<C>(request, Failure::Internal.into()));
        ready(call)
    }
}

impl<C: Contract> Call<C> {
    /// `None` if the application state is missing.
    fn of(request: &HttpRequest) -> Option<Self> {
        let options = request.app_data::<Data<HttpOptions>>()?.clone();
        let services = request.app_data::<Data<Services>>()?.clone();
        let sender = Sender {
            credentials: C::credentials(request, &options, &services),
            context: request_context(request, &options),
            reader: Reader::of(request),
            needed: scopes::needed(request.method(), &request.match_pattern().unwrap_or_default()),
            contract: PhantomData,
        };
        Some(Self {
            request: request.clone(),
            lanes: request.app_data::<Data<Lanes>>()?.clone(),
            options,
            services,
            sender,
        })
    }

    pub(crate) fn request(&self) -> &HttpRequest {
        &self.request
    }

    pub(crate) fn options(&self) -> &HttpOptions {
        &self.options
    }

    pub(crate) fn services(&self) -> &Services {
        &self.services
    }

    /// The language of the sender.
    pub(crate) fn language(&self) -> Language {
        self.sender.language()
    }

    /// Refuses a request without a credential of a kind that this contract accepts.
    pub(crate) fn require_credential(&self) -> Result<(), Error> {
        self.sender.credential().map(drop).map_err(|reason| self.refuse(reason))
    }

    /// Authenticates the sender in a separate hop. For routes that receive a large body only from a known caller
    /// (R84). The caller has the attributes of the account.
    pub(crate) async fn caller(&self) -> Result<Caller, Error> {
        let caller = self.run(Lane::Database, |core, sender| sender.authenticate_with_attributes(core)).await?;
        self.note_sender(&caller);
        Ok(caller)
    }

    /// The same without the attributes.
    pub(crate) async fn caller_without_attributes(&self) -> Result<Caller, Error> {
        let caller = self.run(Lane::Database, |core, sender| sender.authenticate(core)).await?;
        self.note_sender(&caller);
        Ok(caller)
    }

    /// Notes whose body may follow: an account has few places for large ones.
    fn note_sender(&self, caller: &Caller) {
        self.request.extensions_mut().insert(SendingAccount(caller.user.id));
    }

    /// Receives the body, of one of the contract's content types. Pass the `Result` to the job if the job authenticates
    /// the caller first.
    pub(crate) async fn try_body(&self, payload: Payload) -> Result<Body<C>, Rejection<C>> {
        self.receive(payload, None).await
    }

    /// The same for a body that may be large because of a picture in one member. Authenticate the caller before it.
    pub(crate) async fn try_body_with_picture(
        &self,
        payload: Payload,
        member: &'static str,
    ) -> Result<Body<C>, Rejection<C>> {
        self.receive(payload, Some(member)).await
    }

    /// [`Call::try_body`] with the error of a handler.
    pub(crate) async fn body(&self, payload: Payload) -> Result<Body<C>, Error> {
        self.try_body(payload).await.map_err(|rejection| self.refuse(rejection))
    }

    /// [`Call::try_body_with_picture`] with the error of a handler.
    pub(crate) async fn body_with_picture(&self, payload: Payload, member: &'static str) -> Result<Body<C>, Error> {
        self.try_body_with_picture(payload, member).await.map_err(|rejection| self.refuse(rejection))
    }

    async fn receive(&self, payload: Payload, picture: Option<&'static str>) -> Result<Body<C>, Rejection<C>> {
        let content = Content::receive(&self.request, payload, picture, C::BODY_TYPES, C::BODY_STYLE).await?;
        Ok(Body { content, contract: PhantomData })
    }

    /// Receives the bytes of a body of this content type, in UTF-8.
    pub(crate) async fn bytes_of(&self, content_type: &str, payload: Payload) -> Result<Bytes, Error> {
        let media_type = MediaType::of(self.request.headers());
        if !media_type.is_some_and(|media_type| media_type.essence == content_type && media_type.is_utf8()) {
            return Err(self.refuse(Failure::UnsupportedMediaType));
        }
        self.bytes(payload).await
    }

    /// A body with these members, as if it had been received.
    pub(crate) fn body_of(
        &self,
        members: &serde_json::Map<String, serde_json::Value>,
        picture: &'static str,
    ) -> Body<C> {
        let bytes = serde_json::to_vec(members).unwrap_or_default();
        Body { content: Content::json(&self.request, bytes.into(), Some(picture)), contract: PhantomData }
    }

    /// Whether the request came with this session cookie.
    pub(crate) fn has_sent(&self, cookie: &OpaqueToken) -> bool {
        self.sender.cookie().is_some_and(|sent| sent.expose() == cookie.expose())
    }

    /// Receives the bytes of a body of any content type.
    pub(crate) async fn bytes(&self, payload: Payload) -> Result<Bytes, Error> {
        let read = body::read(&self.request, payload, self.options.limits.body).await;
        read.map_err(|error| self.refuse(error))
    }

    /// Runs a job in a lane, on a thread that may block.
    pub(crate) async fn run<T, F>(&self, lane: Lane, job: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Core, Sender<C>) -> Result<T, Rejection<C>> + Send + 'static,
    {
        let (core, sender) = (Arc::clone(&self.services.core), self.sender.clone());
        let is_reading = lane == Lane::Database && self.request.method().is_safe();
        let lane = if is_reading { Lane::Reading } else { lane };
        let result = self.lanes.run(lane, move || observe_budgets(|| job(&core, sender))).await;
        let (result, charged) = result.unwrap_or_else(|error| (Err(error.into()), Vec::new()));
        if C::SHOWS_RATE_LIMITS {
            rate_limits::remember(&self.request, charged);
        }
        result.map_err(|rejection| self.refuse(rejection))
    }

    /// A refusal as the error of a handler.
    pub(crate) fn refuse(&self, rejection: impl Into<Rejection<C>>) -> Error {
        refused(&self.request, rejection.into())
    }

    /// A response with the new session cookie of a browser, if there is one.
    pub(crate) fn with_cookie(&self, mut response: HttpResponse, cookie: Option<&OpaqueToken>) -> HandlerResult {
        let max_age = self.services().core.policy.absolute.to_std().unwrap_or_default();
        for cookie in cookie.into_iter().flat_map(|token| session_cookies(self.options().cookie, token, max_age)) {
            response.add_cookie(&cookie)?;
        }
        Ok(response)
    }
}

impl<C: Contract> Body<C> {
    /// Reads a value from the members. The rejection has all invalid members. Call it in a lane: parsing a large body
    /// takes long.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&mut Members<'_>) -> T) -> Result<T, Rejection<C>> {
        self.read_with_rules(read, |_| Violations::default())
    }

    /// The same. If there are invalid members, the rejection also has the violations of the value that was read.
    pub(crate) fn read_with_rules<T>(
        &self,
        read: impl FnOnce(&mut Members<'_>) -> T,
        violations: impl FnOnce(&T) -> Violations,
    ) -> Result<T, Rejection<C>> {
        let mut members = self.content.members()?;
        let value = read(&mut members);
        members.finish(value, violations).map_err(C::invalid_body)
    }

    /// The lane of a use case that decodes the picture in this body, if there is one.
    pub(crate) fn lane(&self) -> Lane {
        if self.content.may_hold_data_uri() { Lane::Picture } else { Lane::Database }
    }
}

fn refused<C: Contract>(request: &HttpRequest, rejection: Rejection<C>) -> Error {
    let mut response = rejection.respond(&RequestId::of(request), Reader::of(request).language());
    rate_limits::add_headers(request, response.headers_mut());
    InternalError::from_response("refused", response).into()
}

impl<C: Contract> Sender<C> {
    /// The credential to authenticate with, of a kind that this contract accepts.
    fn credential(&self) -> Result<Credential, Reason> {
        match &self.credentials {
            Credentials::Bearer(token) => Ok(Credential::Bearer(token.clone())),
            Credentials::Cookie(token) if C::ACCEPTS_COOKIE => Ok(Credential::Cookie(token.clone())),
            Credentials::None => Err(C::NO_CREDENTIAL),
            Credentials::Cookie(_) | Credentials::MalformedBearer | Credentials::UnknownCookie => {
                Err(C::UNAUTHENTICATED)
            }
        }
    }

    /// The session cookie, if it is well-formed.
    pub(crate) fn cookie(&self) -> Option<OpaqueToken> {
        if let Credentials::Cookie(cookie) = &self.credentials { Some(cookie.clone()) } else { None }
    }

    /// The language of the account, once it is authenticated; before that, the one that the request accepts.
    pub(crate) fn language(&self) -> Language {
        self.reader.language()
    }

    /// The caller.
    pub(crate) fn authenticate(&self, core: &Core) -> Result<Caller, Rejection<C>> {
        self.authenticate_by(Authenticate::new, core)
    }

    /// The caller, with the attributes of the account.
    pub(crate) fn authenticate_with_attributes(&self, core: &Core) -> Result<Caller, Rejection<C>> {
        self.authenticate_by(Authenticate::with_attributes, core)
    }

    fn authenticate_by(&self, by: fn(Credential) -> Authenticate, core: &Core) -> Result<Caller, Rejection<C>> {
        let credential = self.credential()?;
        let caller = by(credential).execute_in(core, &self.context)?;
        self.reader.is_known(caller.user.locale.as_deref());
        let is_allowed = self.needed.is_met_by(&caller.principal);
        if is_allowed { Ok(caller) } else { Err(Rejection::insufficient_scope(self.needed.scopes())) }
    }
}

impl<C> Clone for Sender<C> {
    fn clone(&self) -> Self {
        Self {
            credentials: self.credentials.clone(),
            context: self.context.clone(),
            reader: self.reader.clone(),
            needed: self.needed,
            contract: PhantomData,
        }
    }
}
