package import MariaDBClient
import PayopsCore
package import Tabular

/// A case with everything that a suspicious activity report needs; it contains personal data.
package struct CaseReport: Sendable {
  /// The case itself: one row.
  package let summary: DataTable
  /// The customer: one row.
  package let subject: DataTable
  /// The accounts of the customer.
  package let accounts: DataTable
  /// The hits.
  package let hits: DataTable
  /// The payments in the windows of the hits, each once.
  package let payments: DataTable
  /// Its changes, the oldest first.
  package let history: DataTable
  /// One row per hit and payment.
  package let evidence: DataTable
  /// The code of the base currency.
  package let currency: String

  private static let queries = [
    "SELECT * FROM risk_case_list WHERE case_id = ?",
    """
    SELECT customer_id, name, first_name, last_name, identifier, birth_date, email, phone, country,
        risk_category, kyc_status, account_open_date
    FROM risk_case_subject WHERE case_id = ?
    """,
    """
    SELECT account_id, account_number, account_type, account_status, currency, opened_at
    FROM risk_case_accounts WHERE case_id = ? ORDER BY account_id
    """,
    """
    SELECT hit_id, rule_id, rule_version, rule_name, risk_level, account_id, transaction_id,
        window_from, window_to, measured_value, threshold_value, points, evidence
    FROM risk_case_evidence WHERE case_id = ? ORDER BY window_to, hit_id
    """,
    """
    SELECT transaction_id, account_id, transaction_time, transaction_amount, currency, base_amount,
        transaction_type, status, counterparty_account_id, counterparty_iban, counterparty_handle,
        title
    FROM risk_case_transfers WHERE case_id = ? ORDER BY transaction_time, transaction_id
    """,
    """
    SELECT change_id, change_kind, change_text, changed_by, changed_at FROM risk_case_history
    WHERE case_id = ? ORDER BY change_id
    """,
    """
    SELECT e.case_id, e.hit_id, e.rule_id, e.rule_version, e.rule_name, e.risk_level, e.window_from,
        e.window_to, e.measured_value, e.threshold_value, e.evidence, p.transaction_id,
        p.account_id, p.transaction_time, p.transaction_amount, p.currency, p.base_amount,
        p.transaction_type, p.status, p.counterparty_account_id, base_currency() AS base_currency
    FROM risk_case_evidence AS e
    LEFT JOIN risk_case_payments AS p ON p.case_id = e.case_id AND p.hit_id = e.hit_id
    WHERE e.case_id = ? ORDER BY e.window_to, e.hit_id, p.transaction_time, p.transaction_id
    """,
    "SELECT base_currency() AS currency, ? AS case_id",
  ]

  /// Reads a case, as of one instant.
  ///
  /// - Parameters:
  ///   - number: number of the case
  ///   - connection: connection with the schema selected
  /// - Throws: ``Fault`` when there is no such case; errors of the database.
  package static func read(_ number: Int64, on connection: Connection) async throws -> CaseReport {
    let tables = try await connection.snapshot(queries, [.integer(number)])
    guard !tables[0].rows.isEmpty else {
      throw Fault.usage("case \(number) does not exist", hint: "see `payops cases list`")
    }
    return CaseReport(
      summary: tables[0].roles(["due_at": .key, "customer_id": .key, "case_state": .key]),
      subject: tables[1], accounts: tables[2],
      hits: tables[3].roles([
        "rule_version": .minor, "risk_level": .minor, "account_id": .minor,
        "transaction_id": .minor, "window_from": .minor, "points": .key, "window_to": .key,
        "evidence": .text(atLeast: 28),
      ]), payments: tables[4],
      history: tables[5].roles(["changed_at": .key, "changed_by": .minor]), evidence: tables[6],
      currency: tables[7].records.first?["currency"] ?? "")
  }

  /// The customer for people: who it is, and how well known.
  package var customer: DataTable {
    let shown = [
      "customer_id", "name", "country", "risk_category", "kyc_status", "account_open_date",
    ]
    let record = subject.records.first ?? [:]
    return DataTable(
      columns: shown.map { .init(name: $0) },
      rows: subject.rows.isEmpty ? [] : [shown.map { record[$0] }])
  }

  /// The report as JSON; its keys are the columns of the views.
  package var json: JSON {
    .pairs([
      "case": .firstRow(of: summary),
      "base_currency": .string(currency),
      "subject": .firstRow(of: subject),
      "accounts": .rows(of: accounts),
      "hits": .rows(of: hits),
      "payments": .rows(of: payments),
      "history": .rows(of: history),
    ])
  }
}
