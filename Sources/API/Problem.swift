package import HTTP
internal import MariaDBClient
internal import PayopsCore
package import Tabular

/// An error as RFC 9457 describes it.
package struct Problem: Error, Sendable, Equatable {
  /// The status code.
  package let status: Int
  /// A stable word for programs.
  package let code: String
  /// What happened, a sentence without a full stop.
  package let detail: String
  /// What to do about it.
  package let hint: String?

  /// Describes a problem.
  package init(_ status: Int, code: String, _ detail: String, hint: String? = nil) {
    self.status = status
    self.code = code
    self.detail = detail
    self.hint = hint
  }

  /// The problem behind an error.
  package init(_ error: any Error) {
    if let problem = error as? Problem {
      self = problem
      return
    }
    let fault = Fault(error)
    self.init(
      (error as? DatabaseError).flatMap { Self.statuses[$0.errno] } ?? Self.status(of: fault),
      code: fault.code,
      // What only a bug report needs stays in the log of the server.
      fault.category == .internalError ? "an error inside payops" : fault.message, hint: fault.hint)
  }

  /// Errors of routines, by their register, and of the server.
  private static let statuses: [UInt32: Int] = [
    30002: 400, 30403: 404, 30502: 404, 30503: 404, 30505: 404, 30601: 404, 30651: 404,
    30653: 404, 30655: 404, 30671: 404, 30402: 409, 30404: 409, 30405: 409, 30506: 409,
    30508: 409, 30509: 409, 30510: 409, 30607: 409, 30652: 409, 1969: 503,
  ]

  private static func status(of fault: Fault) -> Int {
    switch fault.category {
    case .usage: 400
    case .invalidData: 422
    case .noPermission: 403
    case .unavailable, .configuration, .temporary: 503
    case .interrupted: 503
    case .internalError, .cannotCreate, .inputOutput: 500
    }
  }

  /// The members of the body.
  package var json: JSON {
    .object(
      [
        (key: "type", value: .string("urn:payops:problem:" + code)),
        (key: "title", value: .string(Self.titles[status] ?? "error")),
        (key: "status", value: .integer(status)),
        (key: "detail", value: .string(detail)),
      ] + (hint.map { [(key: "hint", value: JSON.string($0))] } ?? []))
  }

  /// The answer.
  package var response: HTTPResponse {
    var headers: [(name: String, value: String)] = [(name: "Cache-Control", value: "no-store")]
    if status == 401 { headers.append((name: "WWW-Authenticate", value: "Bearer")) }
    if status == 503 { headers.append((name: "Retry-After", value: "2")) }
    return .text(
      json.compact + "\n", status: status, type: "application/problem+json", headers: headers)
  }

  /// Titles of the status codes that problems have.
  static let titles = [
    400: "bad request", 401: "not signed in", 403: "not allowed", 404: "not found",
    405: "method not allowed", 409: "conflict", 413: "body too large", 414: "target too long",
    415: "unsupported type", 421: "another host", 422: "refused", 431: "head too large",
    500: "internal error", 503: "not available", 505: "another protocol",
  ]
}
