extension NetworkChart {
  /// The second counterparties beside those that they deal with, in their order.
  func sides(_ inward: [Node]) -> (payers: [Node], payees: [Node]) {
    let isLeft = Set(inward.map(\.id))
    let order = Dictionary(
      nodes.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    var sides: (payers: [(Int, Node)], payees: [(Int, Node)]) = ([], [])
    for node in second {
      let other = links.filter { $0.from == node.id || $0.to == node.id }
        .max { $0.amount < $1.amount }
        .map { $0.from == node.id ? $0.to : $0.from }
      guard let other, let place = order[other] else { continue }
      if isLeft.contains(other) {
        sides.payers.append((place, node))
      } else {
        sides.payees.append((place, node))
      }
    }
    func sorted(_ side: [(Int, Node)]) -> [Node] {
      side.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
        .map(\.element.1)
    }
    return (sorted(sides.payers), sorted(sides.payees))
  }
}
