/// Writes logins as rows of `login_activity`.
struct LoginFormat: Sendable {
  /// Columns in the order of the cells.
  static let columns = [
    "login_id", "customer_id", "login_time", "login_status", "ip_address", "location", "device",
  ]
  private static let devices = ByteTable([
    "iPhone", "Android phone", "Chrome on Windows", "Safari on macOS", "Firefox on Linux",
    "unknown device",
  ])
  private static let outcomes = ByteTable(["failed", "success"])

  let firstLoginId: Int
  let firstCustomerId: Int
  let population: Population
  private let cities = City.names

  /// Prepares the tables.
  init(firstLoginId: Int, firstCustomerId: Int, population: Population) {
    self.firstLoginId = firstLoginId
    self.firstCustomerId = firstCustomerId
    self.population = population
  }

  /// Writes one row.
  ///
  /// - Parameters:
  ///   - login: the attempt.
  ///   - index: its position in the run.
  ///   - row: where to write.
  func write(_ login: Login, index: Int, to row: RowBuffer) {
    let customer = Int(login.customer)
    row.beginRow()
    row.integer(firstLoginId + index)
    row.integer(firstCustomerId + customer)
    row.time(login.second)
    row.cell(LoginFormat.outcomes, login.isSuccess ? 1 : 0)
    // Private addresses: a usual one for each customer, any other for strangers.
    let host = login.isUsual ? UInt32(truncatingIfNeeded: customer &* 2_654_435_761) : login.noise
    row.address(10, UInt8(host >> 24), UInt8((host >> 16) & 0xFF), UInt8((host >> 8) & 0xFF))
    row.cell(
      cities, login.isUsual ? population.customerCity[customer] : UInt8(login.noise % 36))
    row.cell(LoginFormat.devices, login.isUsual ? UInt8(customer % 5) : 5)
    row.endRow()
  }
}

extension RowBuffer {
  /// Writes an IPv4 address.
  func address(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
    text("\(a).\(b).\(c).\(d)")
  }
}
