import MariaDBClient

/// The payments of a chunk as bytes for `LOAD DATA`, drawn while they are read.
struct ChunkSource: BulkSource {
  private(set) var sampler: PaymentSampler
  /// Settlements of the payments returned so far.
  private(set) var settlements: [Settlement] = []
  /// Payments of planted events: position of the payment and number of the event.
  private(set) var answers: [(payment: Int, answer: Int)] = []
  private let endHour: Int
  private let format: PaymentFormat
  private let buffer = RowBuffer()
  private var payments: [Payment] = []
  private var next = 0
  private var offset = 0

  /// Starts at the next hour of a sampler.
  init(sampler: PaymentSampler, endHour: Int, format: PaymentFormat) {
    self.sampler = sampler
    self.endHour = endHour
    self.format = format
  }

  mutating func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    if offset == buffer.count {
      guard try fill() else { return 0 }
    }
    let count = min(target.count, buffer.count - offset)
    target.copyMemory(
      from: UnsafeRawBufferPointer(rebasing: buffer.written[offset..<offset + count]))
    offset += count
    return count
  }

  /// Writes the next rows into the buffer; false at the end.
  private mutating func fill() throws -> Bool {
    try Task.checkCancellation()
    buffer.clear()
    offset = 0
    while next == payments.count {
      guard sampler.hour < endHour else { return false }
      sampler.nextHour(payments: &payments, settlements: &settlements)
      next = 0
      for payment in payments where payment.answer >= 0 {
        answers.append((payment.index, Int(payment.answer)))
      }
    }
    let end = min(payments.count, next + 1000)
    payments.withUnsafeBufferPointer { rows in
      for position in next..<end { format.write(rows[position], to: buffer) }
    }
    next = end
    return true
  }
}

/// Rows that are written one by one from a position, as bytes for `LOAD DATA`.
struct RowSource: BulkSource {
  private let count: Int
  private let buffer = RowBuffer(capacity: 1 << 16)
  private let isCancellable: Bool
  private let write: (Int, RowBuffer) -> Void
  private var next = 0
  private var offset = 0

  /// Writes positions from 0.
  ///
  /// - Parameters:
  ///   - count: number of positions.
  ///   - isCancellable: whether a cancelled task ends the load.
  ///   - write: writes the row of a position, or none.
  init(count: Int, isCancellable: Bool, write: @escaping (Int, RowBuffer) -> Void) {
    self.count = count
    self.isCancellable = isCancellable
    self.write = write
  }

  mutating func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    while offset == buffer.count {
      guard next < count else { return 0 }
      if isCancellable { try Task.checkCancellation() }
      buffer.clear()
      offset = 0
      let end = min(count, next + 500)
      while next < end {
        write(next, buffer)
        next += 1
      }
    }
    let count = min(target.count, buffer.count - offset)
    target.copyMemory(
      from: UnsafeRawBufferPointer(rebasing: buffer.written[offset..<offset + count]))
    offset += count
    return count
  }
}
