/// Writes settlements as rows of `settlements`.
struct SettlementFormat: Sendable {
  /// Columns in the order of the cells.
  static let columns = [
    "settlement_id", "transaction_id", "rail", "settlement_status", "settlement_amount", "currency",
    "base_amount", "accepted_at", "due_at", "settlement_date",
  ]

  let firstSettlementId: Int
  let firstTransactionId: Int
  let rates: ExchangeRates
  private let rails = Rail.names
  private let statuses = SettlementStatus.names
  private let currencies = Currency.names

  /// Prepares the tables.
  init(firstSettlementId: Int, firstTransactionId: Int, rates: ExchangeRates) {
    self.firstSettlementId = firstSettlementId
    self.firstTransactionId = firstTransactionId
    self.rates = rates
  }

  /// Writes one row.
  func write(_ settlement: Settlement, to row: RowBuffer) {
    row.beginRow()
    row.integer(firstSettlementId + settlement.index)
    writeCells(settlement, to: row)
  }

  /// Writes one row without a key, which the database assigns.
  func writeLive(_ settlement: Settlement, to row: RowBuffer) {
    row.beginRow()
    writeCells(settlement, to: row)
  }

  @inline(__always)
  private func writeCells(_ settlement: Settlement, to row: RowBuffer) {
    row.integer(firstTransactionId + settlement.payment)
    row.cell(rails, settlement.rail.rawValue)
    row.cell(statuses, settlement.status.rawValue)
    row.hundredths(settlement.cents)
    row.cell(currencies, settlement.currency.rawValue)
    let base = rates.baseAmount(
      cents: settlement.cents, currency: settlement.currency,
      day: settlement.acceptedSecond / 86_400)
    if let base { row.tenThousandths(base) } else { row.null() }
    row.time(settlement.acceptedSecond)
    if let due = settlement.dueSecond { row.time(due) } else { row.null() }
    if let settled = settlement.settledSecond { row.time(settled) } else { row.null() }
    row.endRow()
  }
}
