import PayopsCore

/// Random statements of one connection, a model of all changes of the base tables.
struct CaptureStatements {
  var random: SeededRandom

  private static let states: [String] = [
    "created", "pending", "authorized", "completed", "failed", "denied", "cancelled", "reversed",
    "refunded", "charged_back",
  ]
  private static let rails: [String] = [
    "SEPA_CT", "SEPA_INST", "SEPA_DD", "CARD", "UPI", "WIRE", "ACH",
  ]
  private static let types: [String] = ["card_payment", "transfer", "wire", "upi_p2p"]
  private static let currencies: [String] = ["EUR", "EUR", "USD", "GBP", "XXX"]

  /// The members of each dimension that may be absent.
  private static let members: [(column: String, values: [String])] = [
    ("merchant_category", ["groceries", "Büro & Café", "travel"]),
    ("location", ["Berlin", "Paris", "Zürich"]), ("device_type", ["mobile", "pos"]),
    ("channel", ["atm", "api", "ecommerce"]), ("product", ["card", "account"]),
    ("acquirer", ["NordPay", "Acquira"]), ("card_scheme", ["visa", "rupay"]),
    ("response_code", ["00", "51", "91"]),
  ]

  private mutating func pick(_ values: [String]) -> String {
    "'" + values[random.below(values.count)] + "'"
  }

  private mutating func member(_ number: Int) -> String {
    random.chance(0.25) ? "NULL" : pick(Self.members[number].values)
  }

  /// A second between 5 and 22 November; most of them on a few days, so that keys collide.
  private mutating func time() -> String {
    let day = random.chance(0.5) ? random.within(9...11) : random.within(5...22)
    let second = random.chance(0.5) ? random.below(600) : random.below(86_400)
    let start = CivilDate(year: 2026, month: 11, day: day).daysSinceEpoch
    return "'" + CivilInstant(secondsSinceEpoch: start * 86_400 + second).description + "'"
  }

  private mutating func number(_ bound: Int) -> String { String(random.below(bound)) }

  /// One or a few keys in a row.
  private mutating func range(_ column: String, _ bound: Int) -> String {
    let first = 1 + random.below(bound)
    let last = first + (random.chance(0.8) ? 0 : 5)
    return column + " BETWEEN " + String(first) + " AND " + String(last)
  }

  private mutating func payment() -> String {
    var parts: [String] = [String(random.within(1...CaptureLedger.accounts)), time()]
    parts.append(number(1_000_000) + "." + String(random.within(1000...9999)))
    parts.append(pick(Self.currencies))
    parts.append(pick(Self.types))
    for number in Self.members.indices { parts.append(member(number)) }
    parts.append(pick(Self.states))
    let from = time()
    if random.chance(0.3) {
      parts += ["NULL", "NULL"]
    } else if random.chance(0.2) {
      parts += [from, "NULL"]
    } else {
      let wait = random.chance(0.1) ? 0 : random.within(1...40_000)
      parts += [from, from + " + INTERVAL " + String(wait * 1000) + " MICROSECOND"]
    }
    parts.append(random.chance(0.9) ? "1" : "0")
    return parts.joined(separator: ", ")
  }

  private static let paymentColumns: String =
    "account_id, transaction_time, transaction_amount, currency, transaction_type, "
    + "merchant_category, location, device_type, channel, product, acquirer, card_scheme, "
    + "response_code, status, requested_at, responded_at, is_final_attempt"

  /// An INSERT of a number of payments.
  mutating func insertPayments(_ count: Int) -> String {
    var rows: [String] = []
    for _ in 0..<count { rows.append("(" + payment() + ")") }
    return "INSERT INTO transactions (" + Self.paymentColumns + ") VALUES "
      + rows.joined(separator: ", ")
  }

  private mutating func paymentWithKey() -> String {
    let key = String(random.within(1...1500))
    return " INTO transactions (transaction_id, " + Self.paymentColumns + ") VALUES (" + key + ", "
      + payment() + ")"
  }

  private mutating func change() -> String {
    switch random.below(10) {
    case 0...2: return "status = " + pick(Self.states)
    case 3: return "transaction_amount = " + number(100_000)
    case 4: return "currency = " + pick(Self.currencies)
    case 5: return "transaction_time = " + time()
    case 6: return "account_id = 1 + " + number(CaptureLedger.accounts)
    case 7:
      let first = random.below(Self.members.count)
      let second = (first + 1 + random.below(Self.members.count - 1)) % Self.members.count
      return Self.members[first].column + " = " + member(first) + ", "
        + Self.members[second].column + " = " + member(second) + ", transaction_type = "
        + pick(Self.types)
    case 8:
      return "responded_at = IF(responded_at IS NULL AND requested_at IS NOT NULL, "
        + "requested_at + INTERVAL " + number(9_000_000) + " MICROSECOND, NULL)"
    default: return "title = 'nothing that counts', is_final_attempt = NOT is_final_attempt"
    }
  }

  private mutating func settlement() -> String {
    switch random.below(8) {
    case 0...3:
      let accepted = time()
      let rail = pick(Self.rails)
      let status = pick(["pending", "settled", "settled", "failed"])
      let delay = " + INTERVAL " + number(14 * 86_400) + " SECOND"
      let date = status == "'pending'" ? "NULL" : accepted + delay
      let values = [rail, "transaction_amount", "currency", accepted, status, date]
      return "INSERT INTO settlements (transaction_id, rail, settlement_amount, currency, "
        + "accepted_at, settlement_status, settlement_date) SELECT transaction_id, "
        + values.joined(separator: ", ") + " FROM transactions WHERE "
        + range("transaction_id", 1500)
    case 4:
      return "UPDATE settlements SET settlement_status = 'settled', settlement_date = accepted_at "
        + "+ INTERVAL " + number(10 * 86_400) + " SECOND WHERE " + range("settlement_id", 300)
    case 5:
      return "UPDATE settlements SET rail = " + pick(Self.rails) + " WHERE "
        + range("settlement_id", 300)
    case 6:
      return "UPDATE settlements SET settlement_amount = " + number(9999) + ", accepted_at = "
        + time() + " WHERE " + range("settlement_id", 300)
    default: return "DELETE FROM settlements WHERE " + range("settlement_id", 300)
    }
  }

  private mutating func login() -> String {
    let row = number(19) + " + 1, " + time() + ", " + pick(["success", "failed"])
    switch random.below(6) {
    case 0...2:
      return "INSERT INTO login_activity (customer_id, login_time, login_status) VALUES (" + row
        + "), (7, " + time() + ", 'failed')"
    case 3:
      return "UPDATE login_activity SET login_status = 'success', login_time = " + time()
        + " WHERE " + range("login_id", 300)
    case 4: return "DELETE FROM login_activity WHERE " + range("login_id", 300)
    default:
      return "REPLACE INTO login_activity (login_id, customer_id, login_time, login_status) "
        + "VALUES (1 + " + number(300) + ", " + row + ")"
    }
  }

  /// The next statement.
  mutating func next() -> String {
    switch random.below(20) {
    case 0...5: return insertPayments(random.within(1...5))
    case 6...10:
      return "UPDATE transactions SET " + change() + " WHERE " + range("transaction_id", 1500)
    case 11: return "DELETE FROM transactions WHERE " + range("transaction_id", 1500)
    case 12: return "REPLACE" + paymentWithKey()
    case 13:
      return "INSERT" + paymentWithKey() + " ON DUPLICATE KEY UPDATE status = VALUES(status), "
        + "transaction_amount = VALUES(transaction_amount)"
    case 14...16: return settlement()
    default: return login()
    }
  }
}
