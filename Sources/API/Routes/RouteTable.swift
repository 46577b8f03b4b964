/// All routes, in the order in which the description lists them.
struct RouteTable: Sendable {
  let routes: [Route]

  static let all = RouteTable(
    routes: ServerRoutes.all + SessionRoutes.all + PageRoutes.all + ViewRoutes.all
      + SeriesRoutes.all
      + AlertRoutes.all + CaseRoutes.all + PaymentRoutes.all + JobRoutes.all + BackupRoutes.all)

  /// What a method and a path lead to.
  enum Match {
    case route(Route, [String: String])
    /// The path exists with these methods.
    case otherMethods([String])
    case none
  }

  /// Finds the route of a request.
  func match(_ method: String, _ path: String) -> Match {
    let wanted = method == "HEAD" ? "GET" : method
    var methods: [String] = []
    var found: (route: Route, values: [String: String])?
    for route in routes {
      guard let values = route.match(path) else { continue }
      methods.append(route.method)
      // A route without placeholders is nearer than one with some.
      if route.method == wanted, found == nil || values.count < found?.values.count ?? 0 {
        found = (route, values)
      }
    }
    if let found { return .route(found.route, found.values) }
    return methods.isEmpty ? .none : .otherMethods(methods)
  }
}
