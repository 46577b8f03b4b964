internal import HTTP

/// What each answer forbids browsers to do with it.
enum SecurityHeaders {
  /// Adds them to an answer that lacks them.
  static func secured(_ response: HTTPResponse) -> HTTPResponse {
    guard !response.headers.contains(where: { $0.name == all[0].name }) else { return response }
    var response = response
    response.headers += all
    return response
  }

  private static let all: [(name: String, value: String)] = [
    (name: "X-Content-Type-Options", value: "nosniff"),
    (name: "Referrer-Policy", value: "no-referrer"),
    (name: "Cross-Origin-Resource-Policy", value: "same-origin"),
    (name: "Cross-Origin-Opener-Policy", value: "same-origin"),
    (name: "X-Frame-Options", value: "DENY"),
    (
      name: "Content-Security-Policy",
      value: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        + " connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none';"
        + " form-action 'self'; frame-ancestors 'none'"
    ),
  ]
}
