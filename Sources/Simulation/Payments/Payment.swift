/// One sampled payment, before it becomes a row of text.
struct Payment: Sendable {
  /// Position in the run, from 0; the key is the run's first key plus this.
  var index = 0
  /// Seconds after 1970-01-01 UTC.
  var second = 0
  var account: Int32 = 0
  /// Amount in the smallest coin.
  var cents = 0
  /// Balance of the account after the payment, in the smallest coin.
  var balanceAfter = 0
  var type = PaymentType.cardPayment
  var status = PaymentStatus.completed
  var category = MerchantCategory.none
  var city = City.none
  var device = Device.none
  var channel = Channel.api
  var product = Product.currentAccount
  var acquirer = Acquirer.none
  var scheme = CardScheme.none
  var responseCode = ResponseCode.none
  var currency = Currency.eur
  var title = Titles.none
  var isFinalAttempt = true
  /// Account of ours on the other side; -1 for none.
  var counterpartyAccount: Int32 = -1
  /// External party on the other side; -1 for none.
  var counterpartyExternal: Int32 = -1
  /// Milliseconds between the second and the request.
  var requestMs: Int32 = 0
  /// Time to the answer, ms; -1 while there is none.
  var durationMs: Int32 = -1
  /// Position of the first attempt of the order; -1 without retries.
  var order = -1
  /// Planted event that the payment belongs to; -1 for none.
  var answer: Int32 = -1

  /// Whether the payment changed the balance.
  ///
  /// Reversed, refunded and charged-back payments returned the money; the others never moved it.
  var isEffective: Bool { status == .completed }
}

/// Remittance texts.
enum Titles {
  static let texts = [
    "Rent", "Salary", "Invoice", "Gift", "Savings", "Electricity", "Insurance premium",
    "Phone bill", "Loan instalment", "Miete", "Gehalt", "Rechnung", "Überweisung", "Loyer",
    "Salaire", "Prélèvement", "Affitto", "Nómina", "Czynsz", "Wynagrodzenie", "Hyra", "Lön",
    "Expense refund", "Consulting fee", "Family support", "Cash deposit", "Purchase of goods",
  ]
  static let names = ByteTable(texts)
  static let none: UInt8 = 255
  static let salaries: [UInt8] = [1, 10, 14, 17, 19, 21, 22]
  static let bills: [UInt8] = [5, 6, 7, 8, 15]
  static let transfers: [UInt8] = [0, 2, 3, 4, 9, 11, 12, 13, 16, 18, 20, 23, 24]
  static let cash: UInt8 = 25
}
