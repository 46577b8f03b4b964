/// Writes payments as rows of `transactions`.
struct PaymentFormat: Sendable {
  /// Columns in the order of the cells.
  static let columns = [
    "transaction_id", "account_id", "transaction_time", "transaction_amount", "currency",
    "base_amount", "transaction_type", "merchant_category", "location", "device_type", "channel",
    "product", "acquirer", "card_scheme", "status", "response_code", "counterparty_account_id",
    "counterparty_iban", "counterparty_handle", "title", "balance_after", "requested_at",
    "responded_at", "order_reference", "is_final_attempt", "status_changed_at", "ingested_at",
  ]

  let firstTransactionId: Int
  let firstAccountId: Int
  let rates: ExchangeRates
  /// First second after the history.
  let endSecond: Int
  private let numbers: ByteTable
  private let handles: ByteTable
  private let externalNumbers: ByteTable
  private let externalHandles: ByteTable
  private let types = PaymentType.names
  private let categories = MerchantCategory.names
  private let cities = City.names
  private let devices = Device.names
  private let channels = Channel.names
  private let products = Product.names
  private let acquirers = Acquirer.names
  private let schemes = CardScheme.names
  private let statuses = PaymentStatus.names
  private let codes = ResponseCode.names
  private let titles = Titles.names
  private let currencies = Currency.names

  /// Prepares the tables.
  init(
    plan: SimulationPlan, firstTransactionId: Int = 1, firstAccountId: Int = 1,
    rates: ExchangeRates = ExchangeRates()
  ) {
    self.firstTransactionId = firstTransactionId
    self.firstAccountId = firstAccountId
    self.rates = rates
    endSecond = plan.endSecond
    numbers = plan.population.accountNumbers
    handles = plan.population.accountHandles
    externalNumbers = plan.population.externalNumbers
    externalHandles = plan.population.externalHandles
  }

  /// Writes one row.
  func write(_ payment: Payment, to row: RowBuffer) {
    row.beginRow()
    row.integer(firstTransactionId + payment.index)
    writeCells(payment, balance: payment.balanceAfter, to: row)
  }

  /// Writes one row without a key, which the database assigns, and without a balance.
  func writeLive(_ payment: Payment, to row: RowBuffer) {
    row.beginRow()
    writeCells(payment, balance: nil, to: row)
  }

  @inline(__always)
  private func writeCells(_ payment: Payment, balance: Int?, to row: RowBuffer) {
    row.integer(firstAccountId + Int(payment.account))
    row.time(payment.second)
    row.hundredths(payment.cents)
    row.cell(currencies, payment.currency.rawValue)
    let base = rates.baseAmount(
      cents: payment.cents, currency: payment.currency, day: payment.second / 86_400)
    if let base { row.tenThousandths(base) } else { row.null() }
    row.cell(types, payment.type.rawValue)
    row.cell(categories, payment.category)
    row.cell(cities, payment.city)
    row.cell(devices, payment.device.rawValue)
    row.cell(channels, payment.channel.rawValue)
    row.cell(products, payment.product.rawValue)
    row.cell(acquirers, payment.acquirer.rawValue)
    row.cell(schemes, payment.scheme.rawValue)
    row.cell(statuses, payment.status.rawValue)
    row.cell(codes, payment.responseCode)
    writeCounterparty(payment, to: row)
    row.cell(titles, payment.title)
    if let balance { row.hundredths(balance) } else { row.null() }
    row.time(payment.second, milliseconds: Int(payment.requestMs))
    if payment.durationMs < 0 {
      row.null()
    } else {
      row.time(payment.second, milliseconds: Int(payment.requestMs + payment.durationMs))
    }
    if payment.order < 0 {
      row.null()
    } else {
      row.labelled("ORD-", firstTransactionId + payment.order)
    }
    row.integer(payment.isFinalAttempt ? 1 : 0)
    row.time(changeSecond(of: payment))
    row.time(payment.second + 1 + payment.index % 3)
    row.endRow()
  }

  private func writeCounterparty(_ payment: Payment, to row: RowBuffer) {
    let isUPI = payment.type == .upiPerson || payment.type == .upiMerchant
    if payment.counterpartyAccount >= 0 {
      let account = Int(payment.counterpartyAccount)
      row.integer(firstAccountId + account)
      numbers[account].isEmpty ? row.null() : row.cell(numbers[account])
      row.null()
    } else if payment.counterpartyExternal >= 0 {
      row.null()
      isUPI ? row.null() : row.cell(externalNumbers[Int(payment.counterpartyExternal)])
      isUPI ? row.cell(externalHandles[Int(payment.counterpartyExternal)]) : row.null()
    } else {
      row.null()
      row.null()
      row.null()
    }
  }

  /// When the payment entered its state: later for what happens after completion.
  private func changeSecond(of payment: Payment) -> Int {
    let age = endSecond - payment.second
    let delay =
      switch payment.status {
      case .reversed: 600 + payment.index % 2700
      case .refunded: 43_200 + payment.index % 40_000
      case .chargedBack: 3 * 86_400 + payment.index % 150_000
      case .cancelled: 30 + payment.index % 500
      default: max(0, Int(payment.durationMs)) / 1000
      }
    return payment.second + min(delay, max(0, age - 1))
  }
}
