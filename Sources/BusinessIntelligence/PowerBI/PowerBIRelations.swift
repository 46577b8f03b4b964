internal import Catalogue

/// The relations of the model: each view with a day or a customer points to the dimension of days
/// or customers, where the catalogue has them.
struct PowerBIRelations {
  /// A relation of many rows to one.
  struct Relation: Equatable {
    let view: String
    let column: String
    let dimension: String
    let key: String
  }

  /// The relations, by view and column.
  let relations: [Relation]

  init(_ views: [PublishedView]) {
    let days = Self.dimension("dim_date", views)
    let customers = Self.dimension("dim_customer", views)
    relations = views.flatMap { view -> [Relation] in
      guard !view.name.hasPrefix("dim_") else { return [] }
      var found: [Relation] = []
      // One path only: a second one between the same tables would be ambiguous.
      if let days,
        let column = view.columns.first(where: { $0.name == view.timeColumn && $0.type == "date" })
      {
        found.append(
          Relation(view: view.name, column: column.name, dimension: "dim_date", key: days))
      }
      if let customers, view.columns.contains(where: { $0.name == customers }) {
        found.append(
          Relation(view: view.name, column: customers, dimension: "dim_customer", key: customers))
      }
      return found
    }
  }

  var text: String {
    var writer = TMDLWriter()
    for relation in relations {
      let name = "\(relation.view).\(relation.column)"
      writer.line(0, "relationship \(StableIdentifier.uuid("powerbi", "relationship", name))")
      writer.line(1, "fromColumn: \(relation.view).\(relation.column)")
      writer.line(1, "toColumn: \(relation.dimension).\(relation.key)")
      writer.gap()
    }
    return writer.text
  }

  /// The only key column of a dimension; nil when it is not there.
  private static func dimension(_ name: String, _ views: [PublishedView]) -> String? {
    views.first { $0.name == name }.flatMap { $0.key.count == 1 ? $0.key[0] : nil }
  }
}
