internal import HTTP
internal import PayopsCore
internal import Tabular

/// One thing that clients may ask for: what the server does, what the description says and what the
/// tests try all come from here.
struct Route: Sendable {
  /// A named value of a request.
  struct Parameter: Sendable {
    enum Place: String, Sendable { case path, query, header }
    enum Kind: Sendable, Equatable {
      case text
      case integer
      case time
      case choice([String])
    }

    let name: String
    let place: Place
    var kind = Kind.text
    var isRequired = false
    let meaning: String
  }

  /// A member of the JSON object that is the body of a request.
  struct Member: Sendable {
    enum Kind: String, Sendable {
      case text = "string"
      case integer, number, time, boolean
    }

    let name: String
    var kind = Kind.text
    var isRequired = false
    var choices: [String] = []
    let meaning: String
  }

  /// What the body of a request is.
  enum RequestBody: Sendable {
    case none
    /// A JSON object with these members.
    case members([Member])
    /// Lines of JSON objects with these members.
    case lines([Member])
  }

  /// The method: GET or POST or DELETE; GET answers HEAD as well.
  let method: String
  /// The path; `{name}` stands for one segment.
  let path: String
  /// What the caller must be allowed; nil for everybody.
  let scope: Scope?
  /// The subject, a heading of the description.
  let subject: String
  /// What it does, one line.
  let summary: String
  var parameters: [Parameter] = []
  var body = RequestBody.none
  /// The type of the answer.
  var answerType = "application/json"
  /// Whether the answer may have members beside those that are named in the query.
  var takesColumnFilters = false
  /// The status of a good answer; 202 for work that is done after it.
  var success = 200
  /// Statuses of good answers beside it.
  var others: [Int] = []
  /// Does it.
  let run: @Sendable (APIRequest) async throws -> HTTPResponse

  /// The values of the placeholders when a path fits; nil when it does not.
  func match(_ path: String) -> [String: String]? {
    let wanted = self.path.split(separator: "/", omittingEmptySubsequences: false)
    let given = path.split(separator: "/", omittingEmptySubsequences: false)
    guard wanted.count == given.count else { return nil }
    var values: [String: String] = [:]
    for (want, have) in zip(wanted, given) {
      if want.hasPrefix("{") {
        guard !have.isEmpty else { return nil }
        values[String(want.dropFirst().dropLast())] = String(have)
      } else if want != have {
        return nil
      }
    }
    return values
  }
}

/// A request on its way through a route.
struct APIRequest: Sendable {
  let http: HTTPRequest
  /// The values of the placeholders of the path.
  let path: [String: String]
  /// Who sent it; nil for a route that is open to everybody.
  let caller: Caller?
  /// The server.
  let service: APIService
  /// The page that Prometheus scrapes.
  let metrics: @Sendable () async -> String

  /// The scope whose database account carries it out.
  var scope: Scope { caller?.scope ?? .read }

  /// A whole number of the path.
  ///
  /// - Throws: ``Problem`` for another text
  func integer(_ name: String) throws -> Int64 {
    guard let text = path[name], let value = Int64(text), value > 0 else {
      throw Problem(404, code: "not_found", "\(name) is a positive whole number")
    }
    return value
  }

  /// A whole number of the query within bounds.
  ///
  /// - Throws: ``Problem`` for another text
  func integer(_ name: String, in bounds: ClosedRange<Int>, or usual: Int) throws -> Int {
    guard let text = http.parameter(name) else { return usual }
    guard let value = Int(text), bounds.contains(value) else {
      throw Problem(
        400, code: "usage",
        "\(name) is a whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
    }
    return value
  }

  /// A time of the query: RFC 3339 in UTC, or a date.
  ///
  /// - Throws: ``Problem`` for another text
  func time(_ name: String) throws -> CivilInstant? {
    guard let text = http.parameter(name) else { return nil }
    guard let instant = APITime.instant(text) else {
      throw Problem(
        400, code: "usage", "\(name) is not a time",
        hint: "write it as 2026-01-31T12:00:00Z or 2026-01-31")
    }
    return instant
  }
}
