internal import PayopsCore
internal import Tabular

/// The description of the API, made from its routes (OpenAPI 3.1).
enum OpenAPI {
  /// The document.
  static let document: JSON = .pairs([
    "openapi": .string("3.1.0"),
    "info": .pairs([
      "title": .string("payops"), "version": .string(Version.current),
      "description": .string(
        "Payment operations, measured inside the database. Times are RFC 3339 in UTC, amounts and"
          + " ratios numbers with all their digits, errors problems of RFC 9457."),
    ]),
    "paths": .object(paths),
    "components": .pairs([
      "securitySchemes": .pairs([
        "token": .pairs(["type": .string("http"), "scheme": .string("bearer")]),
        "session": .pairs([
          "type": .string("apiKey"), "in": .string("cookie"),
          "name": .string(SessionRoutes.cookie),
        ]),
      ]),
      "schemas": .pairs([
        "Problem": .pairs([
          "type": .string("object"),
          "required": .array(["type", "title", "status", "detail"].map { .string($0) }),
          "properties": .pairs([
            "type": text, "title": text, "status": .pairs(["type": .string("integer")]),
            "detail": text, "hint": text,
          ]),
        ])
      ]),
    ]),
  ])

  private static let text = JSON.pairs(["type": .string("string")])

  private static var paths: [(key: String, value: JSON)] {
    var order: [String] = []
    var byPath: [String: [(key: String, value: JSON)]] = [:]
    for route in RouteTable.all.routes {
      if byPath[route.path] == nil { order.append(route.path) }
      byPath[route.path, default: []].append(
        (key: route.method.lowercased(), value: operation(route)))
    }
    return order.map { (key: $0, value: .object(byPath[$0] ?? [])) }
  }

  private static func operation(_ route: Route) -> JSON {
    var members: [(key: String, value: JSON)] = [
      (key: "summary", value: .string(route.summary)),
      (key: "operationId", value: .string(identifier(of: route))),
      (key: "tags", value: .array([.string(route.subject)])),
      (
        key: "security",
        value: route.scope == nil
          ? .array([])
          : .array(["token", "session"].map { .object([(key: $0, value: .array([]))]) })
      ),
    ]
    if let scope = route.scope {
      members.append((key: "description", value: .string("Scope: \(scope.rawValue).")))
    }
    if !route.parameters.isEmpty || route.takesColumnFilters {
      members.append(
        (key: "parameters", value: .array(route.parameters.map(parameter) + filters(of: route))))
    }
    if let body = body(route.body) { members.append((key: "requestBody", value: body)) }
    members.append((key: "responses", value: .object(responses(of: route))))
    return .object(members)
  }

  /// `GET /api/v1/alerts/{alert_id}/history` is `get_alerts_alert_id_history`.
  private static func identifier(of route: Route) -> String {
    let words = route.path.replacing("/api/v1", with: "").split { !$0.isLetter && $0 != "_" }
    return ([Substring(route.method.lowercased())] + words).joined(separator: "_")
  }

  private static func parameter(_ parameter: Route.Parameter) -> JSON {
    let schema: JSON =
      switch parameter.kind {
      case .text: text
      case .integer: .pairs(["type": .string("integer"), "minimum": .integer(1)])
      case .time: .pairs(["type": .string("string"), "format": .string("date-time")])
      case .choice(let values):
        .pairs(["type": .string("string"), "enum": .array(values.map { .string($0) })])
      }
    return .pairs([
      "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
      "required": .bool(parameter.isRequired), "description": .string(parameter.meaning),
      "schema": schema,
    ])
  }

  /// Any column of a view is a filter, alone or with a comparison behind a dot.
  private static func filters(of route: Route) -> [JSON] {
    guard route.takesColumnFilters else { return [] }
    return [
      .pairs([
        "name": .string("filters"), "in": .string("query"), "required": .bool(false),
        "style": .string("form"), "explode": .bool(true),
        "description": .string(
          "column=value, or column.ne, .lt, .lte, .gt, .gte, .in (a list); columns are those of"
            + " /api/v1/kpis"),
        "schema": .pairs([
          "type": .string("object"),
          "additionalProperties": .pairs(["type": .string("string")]),
        ]),
      ])
    ]
  }

  private static func body(_ body: Route.RequestBody) -> JSON? {
    switch body {
    case .none: nil
    case .members(let members):
      .pairs([
        "required": .bool(true),
        "content": .object([
          (key: "application/json", value: .pairs(["schema": schema(members)]))
        ]),
      ])
    case .lines(let members):
      .pairs([
        "required": .bool(true),
        "content": .object([
          (key: "application/x-ndjson", value: .pairs(["schema": schema(members)]))
        ]),
      ])
    }
  }

  private static func schema(_ members: [Route.Member]) -> JSON {
    .pairs([
      "type": .string("object"),
      "required": .array(members.filter(\.isRequired).map { .string($0.name) }),
      "additionalProperties": .bool(false),
      "properties": .object(members.map { (key: $0.name, value: schema($0)) }),
    ])
  }

  private static func schema(_ member: Route.Member) -> JSON {
    let meaning: (key: String, value: JSON) = (key: "description", value: .string(member.meaning))
    switch member.kind {
    case .text where !member.choices.isEmpty:
      return .object([
        (key: "type", value: .string("string")),
        (key: "enum", value: .array(member.choices.map { .string($0) })), meaning,
      ])
    case .text: return .object([(key: "type", value: .string("string")), meaning])
    case .time:
      return .object([
        (key: "type", value: .string("string")), (key: "format", value: .string("date-time")),
        meaning,
      ])
    case .boolean: return .object([(key: "type", value: .string("boolean")), meaning])
    case .integer, .number:
      return .object([
        (key: "type", value: .array([.string(member.kind.rawValue), .string("string")])), meaning,
      ])
    }
  }
}
