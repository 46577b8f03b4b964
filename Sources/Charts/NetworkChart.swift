/// The counterparties of one customer: who pays in at the left, who is paid at the right, the width
/// of an edge its amount; at the edges of the drawing those with whom the counterparties deal. Red
/// is a confirmed suspicion only; a mere score stays grey.
///
/// The same data gives the same drawing: nodes stand by amount, then by name.
package struct NetworkChart: Chart {
  package static let kind = "network"

  /// One counterparty in one direction.
  package struct Node: Sendable {
    let id: String
    let label: String
    let inward: Double
    let outward: Double
    let note: String?
    let isConfirmed: Bool

    /// - Parameters:
    ///   - inward: amount paid to the customer in the middle
    ///   - outward: amount paid by the customer in the middle
    ///   - note: words about it: band, count, first and last payment
    ///   - isConfirmed: whether a person has confirmed the suspicion
    package init(
      id: String, label: String, inward: Double = 0, outward: Double = 0, note: String? = nil,
      isConfirmed: Bool = false
    ) {
      self.id = id
      self.label = label
      self.inward = inward.isFinite ? max(inward, 0) : 0
      self.outward = outward.isFinite ? max(outward, 0) : 0
      self.note = note
      self.isConfirmed = isConfirmed
    }

    var most: Double { max(inward, outward) }
  }

  /// Payments between two counterparties.
  package struct Link: Sendable {
    let from: String
    let to: String
    let amount: Double

    package init(from: String, to: String, amount: Double) {
      self.from = from
      self.to = to
      self.amount = amount.isFinite ? max(amount, 0) : 0
    }
  }

  package static let mostNodes = 40
  /// As many of these as may be second counterparties.
  static let mostSecond = 16

  let centre: String
  let nodes: [Node]
  let second: [Node]
  let links: [Link]
  let left: Int
  let quantity: Quantity

  /// - Parameters:
  ///   - nodes: those with the largest amounts are drawn, 40 with the second ones, and the message
  ///     says how many are left out
  ///   - second: counterparties of counterparties, by their amounts with those
  ///   - links: payments between nodes of either kind
  package init(
    centre: String, _ nodes: [Node], second: [Node] = [], links: [Link] = [],
    quantity: Quantity = .number
  ) {
    self.centre = centre
    func ordered(_ nodes: [Node]) -> [Node] {
      nodes.sorted { ($1.most, $0.label, $0.id) < ($0.most, $1.label, $1.id) }
    }
    let further = ordered(second).prefix(Self.mostSecond)
    let first = ordered(nodes)
    self.nodes = Array(first.prefix(Self.mostNodes - further.count))
    left = first.count - self.nodes.count
    let drawn = Set(self.nodes.map(\.id))
    self.links = Array(links.prefix(200))
    self.second = further.filter { node in
      !drawn.contains(node.id)
        && links.contains {
          $0.from == node.id && drawn.contains($0.to) || $0.to == node.id && drawn.contains($0.from)
        }
    }
    self.quantity = quantity
  }

  package var message: String {
    guard !nodes.isEmpty else { return "\(centre): no counterparty" }
    let confirmed = (nodes + second).filter(\.isConfirmed).count
    let most = nodes[0]
    return
      "\(centre): \(nodes.count + left) counterparties, most \(most.label) with \(quantity.text(most.most))"
      + (confirmed > 0 ? ", \(confirmed) confirmed" : ", none confirmed")
      + (left > 0 ? ", \(left) smaller ones not drawn" : "")
      + (second.isEmpty ? "" : ", \(second.count) further parties behind them")
  }

  package func draw(width: Double) -> ChartMarks {
    guard !nodes.isEmpty else { return nothing(width: width, "no counterparty") }
    let inward = nodes.filter { $0.inward > $0.outward }
    let outward = nodes.filter { $0.inward <= $0.outward }
    let isWide = width > 600 && !second.isEmpty
    let outer = isWide ? sides(inward) : (payers: [], payees: [])
    let rows = max(inward.count, outward.count, outer.payers.count, outer.payees.count, 3)
    let step = 24.0
    var drawing = Drawing(width: width, height: Double(rows) * step + 22 + (left > 0 ? 16 : 0))
    let column = width * (width < 420 ? 0.31 : isWide ? 0.36 : 0.3)
    let edge = width * (width > 1_000 ? 0.13 : 0.15)
    let middle = (x: width / 2, y: 22 + Double(rows) * step / 2)
    let most = nodes[0].most
    drawing.text("pays in", column - 9, 11, .muted, size: 11, anchor: .end)
    drawing.text("is paid", width - column + 9, 11, .muted, size: 11)
    if isWide {
      drawing.text("behind them", edge - 9, 11, .muted, size: 11, anchor: .end)
      drawing.text("behind them", width - edge + 9, 11, .muted, size: 11)
    }
    var places: [String: (x: Double, y: Double)] = [:]
    for (x, side) in [
      (column, inward), (width - column, outward), (edge, outer.payers),
      (width - edge, outer.payees),
    ] {
      let offset = (Double(rows) - Double(side.count)) / 2
      for (index, node) in side.enumerated() {
        places[node.id] = (x, 22 + (Double(index) + offset + 0.5) * step)
      }
    }
    for link in links {
      guard let from = places[link.from], let to = places[link.to], from != to else { continue }
      drawing.curve(
        from.x, from.y, to.x, to.y, .muted, width: lineWidth(link.amount, most), opacity: 0.3,
        title: "\(label(link.from)) to \(label(link.to)): \(quantity.text(link.amount))")
    }
    for node in nodes {
      guard let place = places[node.id] else { continue }
      let paint = node.isConfirmed ? Paint.tone(.severe) : .step(3)
      for (amount, words) in [(node.inward, "pays in"), (node.outward, "is paid")] where amount > 0
      {
        drawing.curve(
          place.x, place.y, middle.x, middle.y, paint, width: lineWidth(amount, most),
          opacity: 0.75,
          title: "\(node.label) \(words) \(quantity.text(amount))")
      }
    }
    for node in nodes + second {
      guard let place = places[node.id] else { continue }
      // Between the columns of the first and of the second, a label has the room of the gap.
      let reach = isWide && places[node.id].map { $0.x == column || $0.x == width - column } == true
      draw(
        node, at: place, isLeft: place.x < middle.x, room: reach ? column - edge - 20 : nil,
        width: width, into: &drawing)
    }
    drawing.circle(middle.x, middle.y, 7, fill: .text, title: centre)
    let half = TextWidth.of(TextWidth.cut(centre, to: width * 0.36, size: 12), size: 12) / 2 + 4
    drawing.rect(middle.x - half, middle.y + 10, half * 2, 17, .surface, radius: 2)
    drawing.text(
      centre, middle.x, middle.y + 23, anchor: .middle, room: width * 0.36, isStrong: true)
    if left > 0 {
      drawing.text(
        "\(left) smaller counterparties are not drawn", 0, drawing.height - 4, .muted, size: 11)
    }
    return ChartMarks(drawing)
  }

  private func draw(
    _ node: Node, at place: (x: Double, y: Double), isLeft: Bool, room: Double?,
    width: Double, into drawing: inout Drawing
  ) {
    let amounts = quantity.text(node.most) + (node.inward > 0 && node.outward > 0 ? " ⇄" : "")
    let words =
      "\(node.label): \(amounts)" + (node.isConfirmed ? ", CONFIRMED" : "")
      + (node.note.map { ", \($0)" } ?? "")
    if node.isConfirmed {
      drawing.shape(.severe, place.x, place.y, size: 10, title: words)
    } else {
      drawing.circle(place.x, place.y, 4, fill: .muted, title: words)
    }
    let room = room ?? (isLeft ? place.x : width - place.x) - 10
    let x = isLeft ? place.x - 9 : place.x + 9
    drawing.text(
      node.label, x, place.y - 1, node.isConfirmed ? .tone(.severe) : .text, size: 11,
      anchor: isLeft ? .end : .start, room: room, isLabel: true)
    drawing.text(
      node.isConfirmed ? "CONFIRMED " + amounts : amounts, x, place.y + 10, .muted, size: 10,
      anchor: isLeft ? .end : .start,
      room: room)
  }

  private func lineWidth(_ amount: Double, _ most: Double) -> Double {
    most > 0 ? max(1, (amount / most).squareRoot() * 10) : 1
  }

  private func label(_ id: String) -> String {
    (nodes + second).first { $0.id == id }?.label ?? id
  }
}
