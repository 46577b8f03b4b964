internal import Charts

extension Drawing {
  /// The parties of a customer's payments, and those with whom these deal. Red are customers whose
  /// case was decided as confirmed.
  static let network: @Sendable (PageTable, PageTables) -> any Chart = { table, tables in
    let confirmed = confirmedCustomers(tables)
    let centre = table.rows.first.flatMap { table.text($0, "customer_id") } ?? "–"
    var order: [String] = []
    var nodes: [String: (label: String, inward: Double, outward: Double, band: String?, owner: String?)] = [:]
    for row in table.rows {
      let id = table.text(row, "counterparty_key") ?? "–"
      if nodes[id] == nil { order.append(id) }
      var node =
        nodes[id]
        ?? (
          label: table.text(row, "masked_counterparty")
            ?? table.text(row, "counterparty_customer_id").map { "customer \($0)" } ?? "unknown",
          inward: 0, outward: 0, band: table.text(row, "counterparty_band"),
          owner: table.text(row, "counterparty_customer_id")
        )
      let amount = table.number(row, "payment_amount") ?? 0
      if table.text(row, "direction") == "in" {
        node.inward += amount
      } else {
        node.outward += amount
      }
      nodes[id] = node
    }
    let further = further(tables, first: Set(nodes.keys), owners: nodes.mapValues(\.owner), centre)
    return NetworkChart(
      centre: "customer \(centre)",
      order.compactMap { id in
        nodes[id].map { node in
          NetworkChart.Node(
            id: id, label: node.label, inward: node.inward, outward: node.outward,
            note: node.band.map { "\($0) risk" },
            isConfirmed: node.owner.map(confirmed.contains) ?? false)
        }
      }, second: further.nodes(confirmed), links: further.links, quantity: .amount(table.currency))
  }

  private static func confirmedCustomers(_ tables: PageTables) -> Set<String> {
    guard let cases = tables["parties"] else { return [] }
    return Set(
      cases.rows.filter { cases.text($0, "disposition") == "confirmed" }
        .compactMap { cases.text($0, "customer_id") })
  }

  /// Payments of the counterparties with others than the customer.
  private struct Further {
    var amounts: [String: (owner: String, inward: Double, outward: Double)] = [:]
    var links: [NetworkChart.Link] = []

    func nodes(_ confirmed: Set<String>) -> [NetworkChart.Node] {
      amounts.map { id, one in
        NetworkChart.Node(
          id: id, label: "customer \(one.owner)", inward: one.inward, outward: one.outward,
          isConfirmed: confirmed.contains(one.owner))
      }
    }
  }

  private static func further(
    _ tables: PageTables, first: Set<String>, owners: [String: String?], _ centre: String
  ) -> Further {
    var further = Further()
    for name in ["paidOn", "paidIn"] {
      guard let table = tables[name] else { continue }
      for row in table.rows {
        let payer = "account-\(table.text(row, "payer_account_id") ?? "")"
        let payee = "account-\(table.text(row, "payee_account_id") ?? "")"
        let amount = table.number(row, "transfer_amount") ?? 0
        let people = [
          table.text(row, "payer_customer_id") ?? "", table.text(row, "payee_customer_id") ?? "",
        ]
        guard !people.contains(centre), payer != payee else { continue }
        // A payment between two counterparties is in both blocks, and is drawn once.
        if first.contains(payer), first.contains(payee), name == "paidIn" { continue }
        further.links.append(.init(from: payer, to: payee, amount: amount))
        if !first.contains(payer) {
          further.amounts[payer, default: (people[0], 0, 0)].inward += amount
        }
        if !first.contains(payee) {
          further.amounts[payee, default: (people[1], 0, 0)].outward += amount
        }
      }
    }
    return further
  }
}
