internal import HTTP
internal import MariaDBClient
internal import PayopsCore
internal import Tabular

/// A route that calls a routine of the database in the name of the person behind the token.
struct RoutineCall: Sendable {
  /// An argument of the routine.
  enum Argument: Sendable {
    /// A whole number of the path.
    case path(String)
    /// A member of the body.
    case member(String)
    case text(String)
    case null
    /// An OUT parameter, whose value is the member of the answer of this name.
    case out(String)
  }

  let path: String
  let scope: Scope
  let subject: String
  let summary: String
  let routine: String
  let arguments: [Argument]
  var members: [Route.Member] = []

  /// The route.
  var route: Route {
    let keys = arguments.compactMap { argument -> Route.Parameter? in
      guard case .path(let name) = argument else { return nil }
      return Route.Parameter(
        name: name, place: .path, kind: .integer, isRequired: true, meaning: "its number")
    }
    return Route(
      method: "POST", path: path, scope: scope, subject: subject, summary: summary,
      parameters: keys, body: members.isEmpty ? .none : .members(members)
    ) { try await run($0) }
  }

  private func run(_ request: APIRequest) async throws -> HTTPResponse {
    let fields = try members.isEmpty ? nil : RequestFields(request, members)
    var values: [SQLValue] = []
    var places: [String] = []
    var out: [String] = []
    for argument in arguments {
      switch argument {
      case .path(let name): values.append(.integer(try request.integer(name)))
      case .member(let name): values.append(fields?[name] ?? .null)
      case .text(let text): values.append(.text(text))
      case .null: values.append(.null)
      case .out(let name): out.append(name)
      }
      if case .out(let name) = argument {
        places.append("@payops_\(name)")
      } else {
        places.append("?")
      }
    }
    let call = "CALL \(routine)(\(places.joined(separator: ", ")))"
    let names = out
    let bound = values
    let row = try await request.asPerson { connection -> [String: String] in
      _ = try await connection.query(call, bound)
      guard !names.isEmpty else { return [:] }
      let list = names.map { "@payops_\($0) AS \($0)" }.joined(separator: ", ")
      let row = try await connection.query("SELECT \(list)").rows.first
      return Dictionary(
        names.map { ($0, row?[$0] ?? "") }, uniquingKeysWith: { first, _ in first })
    }
    return .json(
      .object(names.map { (key: $0, value: .number(row[$0] ?? "")) }), status: 200,
      headers: [(name: "Cache-Control", value: "no-store")])
  }
}

extension APIRequest {
  /// Runs work in the name of the person behind the token.
  func asPerson<Value: Sendable>(
    _ body: @Sendable (Connection) async throws -> Value
  ) async throws -> Value {
    let person = caller?.person ?? ""
    return try await service.pools.use(scope, .write) { connection in
      try await connection.execute("SET @payops_person = ?", [.text(person)])
      let value = try await body(connection)
      try await connection.execute("SET @payops_person = NULL")
      return value
    }
  }
}
