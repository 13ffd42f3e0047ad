//! Every key that Traefik knows, with a value, with the zero of its kind, and bare blocks on and
//! off.

use serde_json::json;

use super::{compare, container, labels, program};

/// Keys by what they take.
const KEYS: &[(&str, &str)] = &[
    (
        "http.routers",
        "entryPoints=L middlewares=L service=T rule=T ruleSyntax=T priority=I tls=B tls.options=T \
      tls.certResolver=T tls.domains[0].main=T tls.domains[0].sans=L observability.accessLogs=F \
      observability.metrics=F observability.tracing=F observability.traceVerbosity=T",
    ),
    (
        "http.services",
        "loadBalancer.sticky=B loadBalancer.sticky.cookie=B loadBalancer.sticky.cookie.name=T \
      loadBalancer.sticky.cookie.secure=F loadBalancer.sticky.cookie.httpOnly=F \
      loadBalancer.sticky.cookie.sameSite=T loadBalancer.sticky.cookie.maxAge=I \
      loadBalancer.sticky.cookie.path=T loadBalancer.sticky.cookie.domain=T loadBalancer.server.url=T \
      loadBalancer.server.weight=I loadBalancer.server.preservePath=F loadBalancer.server.scheme=T \
      loadBalancer.server.port=T loadBalancer.strategy=T loadBalancer.healthCheck.scheme=T \
      loadBalancer.healthCheck.mode=T loadBalancer.healthCheck.path=T loadBalancer.healthCheck.method=T \
      loadBalancer.healthCheck.status=I loadBalancer.healthCheck.port=I loadBalancer.healthCheck.interval=D \
      loadBalancer.healthCheck.unhealthyInterval=D loadBalancer.healthCheck.timeout=D \
      loadBalancer.healthCheck.hostname=T loadBalancer.healthCheck.followRedirects=F \
      loadBalancer.healthCheck.headers.X=T loadBalancer.passiveHealthCheck.failureWindow=D \
      loadBalancer.passiveHealthCheck.maxFailedAttempts=I loadBalancer.passHostHeader=F \
      loadBalancer.responseForwarding.flushInterval=D loadBalancer.serversTransport=T",
    ),
    (
        "http.middlewares",
        "addPrefix.prefix=T stripPrefix.prefixes=L stripPrefix.forceSlash=F stripPrefixRegex.regex=L \
      replacePath.path=T replacePathRegex.regex=T replacePathRegex.replacement=T chain.middlewares=L \
      ipWhiteList.sourceRange=L ipWhiteList.ipStrategy=B ipWhiteList.ipStrategy.depth=I \
      ipAllowList.sourceRange=L ipAllowList.ipStrategy=B ipAllowList.ipStrategy.depth=I \
      ipAllowList.ipStrategy.excludedIPs=L ipAllowList.ipStrategy.ipv6Subnet=I ipAllowList.rejectStatusCode=I \
      headers.customRequestHeaders.X=T headers.customResponseHeaders.X=T headers.accessControlAllowCredentials=F \
      headers.accessControlAllowHeaders=L headers.accessControlAllowMethods=L \
      headers.accessControlAllowOriginList=L headers.accessControlAllowOriginListRegex=L \
      headers.accessControlExposeHeaders=L headers.accessControlMaxAge=I headers.addVaryHeader=F \
      headers.allowedHosts=L headers.hostsProxyHeaders=L headers.sslProxyHeaders.X=T headers.stsSeconds=I \
      headers.stsIncludeSubdomains=F headers.stsPreload=F headers.forceSTSHeader=F headers.frameDeny=F \
      headers.customFrameOptionsValue=T headers.contentTypeNosniff=F headers.browserXssFilter=F \
      headers.customBrowserXSSValue=T headers.contentSecurityPolicy=T headers.contentSecurityPolicyReportOnly=T \
      headers.publicKey=T headers.referrerPolicy=T headers.permissionsPolicy=T headers.isDevelopment=F \
      headers.featurePolicy=T headers.sslRedirect=F headers.sslTemporaryRedirect=F headers.sslHost=T \
      headers.sslForceHost=F encodedCharacters.allowEncodedSlash=F encodedCharacters.allowEncodedBackslash=F \
      encodedCharacters.allowEncodedNullCharacter=F encodedCharacters.allowEncodedSemicolon=F \
      encodedCharacters.allowEncodedPercent=F encodedCharacters.allowEncodedQuestionMark=F \
      encodedCharacters.allowEncodedHash=F errors.status=L errors.statusRewrites.418=I errors.service=T \
      errors.query=T errors.errorRequestHeaders=L rateLimit.average=I rateLimit.period=D rateLimit.burst=I \
      rateLimit.sourceCriterion.ipStrategy.depth=I rateLimit.sourceCriterion.ipStrategy.excludedIPs=L \
      rateLimit.sourceCriterion.requestHeaderName=T rateLimit.sourceCriterion.requestHost=F \
      rateLimit.redis.endpoints=L rateLimit.redis.tls.ca=T rateLimit.redis.tls.cert=T rateLimit.redis.tls.key=T \
      rateLimit.redis.tls.insecureSkipVerify=F rateLimit.redis.username=T rateLimit.redis.password=T \
      rateLimit.redis.db=I rateLimit.redis.poolSize=I rateLimit.redis.minIdleConns=I \
      rateLimit.redis.maxActiveConns=I rateLimit.redis.readTimeout=D rateLimit.redis.writeTimeout=D \
      rateLimit.redis.dialTimeout=D redirectRegex.regex=T redirectRegex.replacement=T redirectRegex.permanent=F \
      redirectScheme.scheme=T redirectScheme.port=T redirectScheme.permanent=F basicAuth.users=L \
      basicAuth.usersFile=T basicAuth.realm=T basicAuth.removeHeader=F basicAuth.headerField=T digestAuth.users=L \
      digestAuth.usersFile=T digestAuth.removeHeader=F digestAuth.realm=T digestAuth.headerField=T \
      forwardAuth.address=T forwardAuth.tls.ca=T forwardAuth.tls.cert=T forwardAuth.tls.key=T \
      forwardAuth.tls.insecureSkipVerify=F forwardAuth.tls.caOptional=F forwardAuth.trustForwardHeader=F \
      forwardAuth.authResponseHeaders=L forwardAuth.authResponseHeadersRegex=T forwardAuth.authRequestHeaders=L \
      forwardAuth.maxResponseBodySize=I forwardAuth.addAuthCookiesToResponse=L forwardAuth.headerField=T \
      forwardAuth.forwardBody=F forwardAuth.maxBodySize=I forwardAuth.preserveLocationHeader=F \
      forwardAuth.preserveRequestMethod=F forwardAuth.authSigninURL=T inFlightReq.amount=I \
      inFlightReq.sourceCriterion.ipStrategy.ipv6Subnet=I inFlightReq.sourceCriterion.requestHeaderName=T \
      inFlightReq.sourceCriterion.requestHost=F buffering.maxRequestBodyBytes=I buffering.memRequestBodyBytes=I \
      buffering.maxResponseBodyBytes=I buffering.memResponseBodyBytes=I buffering.retryExpression=T \
      circuitBreaker.expression=T circuitBreaker.checkPeriod=D circuitBreaker.fallbackDuration=D \
      circuitBreaker.recoveryDuration=D circuitBreaker.responseCode=I compress=B compress.excludedContentTypes=L \
      compress.includedContentTypes=L compress.minResponseBodyBytes=I compress.encodings=L \
      compress.defaultEncoding=T passTLSClientCert.pem=F passTLSClientCert.info.notAfter=F \
      passTLSClientCert.info.notBefore=F passTLSClientCert.info.sans=F passTLSClientCert.info.serialNumber=F \
      passTLSClientCert.info.subject.country=F passTLSClientCert.info.subject.province=F \
      passTLSClientCert.info.subject.locality=F passTLSClientCert.info.subject.organization=F \
      passTLSClientCert.info.subject.organizationalUnit=F passTLSClientCert.info.subject.commonName=F \
      passTLSClientCert.info.subject.serialNumber=F passTLSClientCert.info.subject.domainComponent=F \
      passTLSClientCert.info.issuer.country=F passTLSClientCert.info.issuer.province=F \
      passTLSClientCert.info.issuer.locality=F passTLSClientCert.info.issuer.organization=F \
      passTLSClientCert.info.issuer.commonName=F passTLSClientCert.info.issuer.serialNumber=F \
      passTLSClientCert.info.issuer.domainComponent=F retry.attempts=I retry.timeout=D retry.initialInterval=D \
      retry.maxRequestBodyBytes=I retry.status=L retry.disableRetryOnNetworkError=F \
      retry.retryNonIdempotentMethod=F contentType=B contentType.autoDetect=F grpcWeb.allowOrigins=L \
      plugin.some.a.b=T",
    ),
    (
        "tcp.routers",
        "entryPoints=L middlewares=L service=T rule=T ruleSyntax=T priority=I tls=B tls.passthrough=F \
      tls.options=T tls.certResolver=T tls.domains[0].main=T tls.domains[0].sans=L",
    ),
    (
        "tcp.services",
        "loadBalancer.server.port=T loadBalancer.server.tls=F loadBalancer.serversTransport=T \
      loadBalancer.proxyProtocol=B loadBalancer.proxyProtocol.version=I loadBalancer.terminationDelay=I \
      loadBalancer.healthCheck=B loadBalancer.healthCheck.port=I loadBalancer.healthCheck.send=T \
      loadBalancer.healthCheck.expect=T loadBalancer.healthCheck.interval=D \
      loadBalancer.healthCheck.unhealthyInterval=D loadBalancer.healthCheck.timeout=D",
    ),
    (
        "tcp.middlewares",
        "inFlightConn.amount=I ipWhiteList.sourceRange=L ipAllowList.sourceRange=L",
    ),
    ("udp.routers", "entryPoints=L service=T"),
    ("udp.services", "loadBalancer.server.port=T"),
];

/// Sections and keys, each with the letter of what it takes.
pub(super) fn all() -> Vec<(&'static str, &'static str, &'static str)> {
    let mut keys = Vec::new();
    for (section, list) in KEYS {
        for entry in list.split_whitespace() {
            let (key, kind) = entry.rsplit_once('=').unwrap();
            keys.push((*section, key, kind));
        }
    }
    keys
}

#[test]
fn every_key_with_every_kind_of_value() {
    let Some(program) = program() else { return };
    let mut containers = Vec::new();
    let mut keys = 0;
    for (section, key, kind) in all() {
        let values: &[&str] = match kind {
            "L" => &["a, b", "", "x,"],
            "T" => &["xx", ""],
            "I" => &["3", "0", "-7", "x"],
            "D" => &["7", "0", "1h30m5ms", "1d"],
            "F" => &["true", "false", "T", "yes", ""],
            _ => &["true", "", "TRUE", "false", "1"],
        };
        keys += 1;
        for value in values {
            let name = format!("c{}", containers.len());
            let full = format!("traefik.{section}.{name}.{key}");
            // Case does not count behind the root.
            let full = if containers.len() % 2 == 0 {
                full
            } else {
                full.to_lowercase()
            };
            let mut all = labels([(full.as_str(), *value)]);
            if section == "tcp.routers" && key != "rule" {
                let rule = format!("traefik.tcp.routers.{name}.rule");
                all.insert(rule, "HostSNI(`*`)".to_owned());
            }
            containers.push(container(containers.len(), &name, &all));
        }
    }
    assert!(keys > 240, "{keys} keys");
    let mut objects = 0;
    for part in containers.chunks(400) {
        objects += compare(&program, part, &json!({}));
    }
    assert!(objects > 1_500, "{objects} objects");
}
