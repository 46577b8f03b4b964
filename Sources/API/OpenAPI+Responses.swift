internal import Tabular

extension OpenAPI {
  /// The answers of a route by status code: what is not here it never gives.
  static func responses(of route: Route) -> [(key: String, value: JSON)] {
    success(of: route)
      + failures(of: route).sorted().map { status in
        (
          key: "\(status)",
          value: .pairs([
            "description": .string(Problem.titles[status] ?? "a problem"),
            "content": .object([
              (
                key: "application/problem+json",
                value: .pairs([
                  "schema": .object([
                    (key: "$ref", value: .string("#/components/schemas/Problem"))
                  ])
                ])
              )
            ]),
          ])
        )
      }
  }

  private static func success(of route: Route) -> [(key: String, value: JSON)] {
    if route.method == "DELETE" {
      return [(key: "204", value: .pairs(["description": .string("done")]))]
    }
    if route.path == "/sign-in" {
      return [(key: "303", value: .pairs(["description": .string("signed in: see the dashboard")]))]
    }
    var types = [route.answerType]
    // A list is also given as lines.
    if route.parameters.contains(where: { $0.name == "format" }) {
      types += ["text/csv", "application/x-ndjson"]
    }
    let content = JSON.object(types.map { (key: $0, value: .object([])) })
    var list = ([route.success] + route.others).map { status in
      (
        key: "\(status)",
        value: JSON.pairs([
          "description": .string(status == 202 ? "accepted; it is done later" : "the answer"),
          "content": content,
        ])
      )
    }
    if route.path.hasSuffix("/revision") || route.path.contains("/pages/") {
      list.append((key: "304", value: .pairs(["description": .string("unchanged")])))
    }
    return list
  }

  /// The status codes of problems that a route may answer with.
  private static func failures(of route: Route) -> Set<Int> {
    // A head that is refused, another host, a database that is away or busy.
    var statuses: Set<Int> = [400, 414, 421, 431, 503, 505]
    if route.scope != nil { statuses.formUnion([401, 403]) }
    if route.path == "/sign-in" { statuses.insert(403) }
    if route.parameters.contains(where: { $0.place == .path }) || route.path.hasSuffix("/series") {
      statuses.insert(404)
    }
    if route.method == "POST" { statuses.insert(413) }
    if case .none = route.body {} else { statuses.insert(415) }
    // A routine refuses what does not fit the state of things, or is no value that it takes.
    if route.method == "POST", route.subject != "Session" { statuses.formUnion([404, 409, 422]) }
    return statuses
  }
}
