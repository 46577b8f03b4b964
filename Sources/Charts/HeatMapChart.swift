/// Values by two ordered dimensions, such as weekday and hour: the darker the more, in six steps.
package struct HeatMapChart: Chart {
  package static let kind = "heatmap"

  let title: String
  let rowLabels: [String]
  let columnLabels: [String]
  let values: [[Double?]]
  let quantity: Quantity
  let note: String?

  /// - Parameters:
  ///   - values: a row per row label, a value per column label; nil where nothing is known
  ///   - note: words below, such as the zone of the hours
  package init(
    _ title: String, rows rowLabels: [String], columns columnLabels: [String],
    _ values: [[Double?]],
    quantity: Quantity = .count, note: String? = nil
  ) {
    self.title = title
    self.rowLabels = Array(rowLabels.prefix(60))
    self.columnLabels = Array(columnLabels.prefix(60))
    self.values = values.prefix(60).map { row in
      row.prefix(60).map { $0.flatMap { $0.isFinite ? $0 : nil } }
    }
    self.quantity = quantity
    self.note = note
  }

  package var message: String {
    guard let most = cells.max(by: { $0.value < $1.value }) else { return "\(title): no data" }
    return
      "\(title): most at \(rowLabels[most.row]) \(columnLabels[most.column]) with \(quantity.text(most.value)), least \(quantity.text(cells.map(\.value).min()))"
  }

  package func draw(width: Double) -> ChartMarks {
    guard !rowLabels.isEmpty, !columnLabels.isEmpty, !cells.isEmpty else {
      return nothing(width: width)
    }
    let labelRoom = min((rowLabels.map { TextWidth.of($0, size: 11) }.max() ?? 0) + 8, width * 0.3)
    let cell = (width - labelRoom) / Double(columnLabels.count)
    let step = min(max(cell * 0.9, 16), 24)
    let bottom = 16 + Double(rowLabels.count) * step
    var drawing = Drawing(width: width, height: bottom + 22)
    let known = cells.map(\.value)
    let (low, high) = (known.min() ?? 0, known.max() ?? 0)
    let widest = columnLabels.map { TextWidth.of($0, size: 10) }.max() ?? 10
    let every = max(1, Int(((widest + 6) / cell).rounded(.up)))
    // Whole quarters of a day, where the columns are hours.
    let stride = columnLabels.count == 24 ? [1, 2, 3, 4, 6, 12].first { $0 >= every } ?? 12 : every
    for (column, label) in columnLabels.enumerated() where column % stride == 0 {
      drawing.text(
        label, labelRoom + Double(column) * cell + cell / 2, 10, .muted, size: 10, anchor: .middle)
    }
    for (row, label) in rowLabels.enumerated() {
      let top = 16 + Double(row) * step
      drawing.text(label, 0, top + step / 2 + 4, .muted, size: 11, room: labelRoom - 6)
    }
    for cellValue in cells {
      let share = high > low ? (cellValue.value / 2 - low / 2) / (high / 2 - low / 2) : 0.5
      drawing.rect(
        labelRoom + Double(cellValue.column) * cell, 16 + Double(cellValue.row) * step,
        max(cell - 1, 1), step - 1,
        .step(Int((share * 5).rounded())), radius: 1,
        title:
          "\(rowLabels[cellValue.row]) \(columnLabels[cellValue.column]): \(quantity.text(cellValue.value))"
      )
    }
    // The scale, from the least to the most, instead of a legend.
    var x = labelRoom
    let least = quantity.text(low)
    drawing.text(least, x, bottom + 15, .muted, size: 10)
    x += TextWidth.of(least, size: 10) + 6
    for step in 0..<6 {
      drawing.rect(x + Double(step) * 14, bottom + 7, 13, 9, .step(step), radius: 1)
    }
    drawing.text(quantity.text(high), x + 90, bottom + 15, .muted, size: 10)
    if let note {
      drawing.text(note, width, bottom + 15, .muted, size: 10, anchor: .end, room: width / 2 - 20)
    }
    return ChartMarks(drawing)
  }

  private var cells: [(row: Int, column: Int, value: Double)] {
    values.enumerated().flatMap { row, line in
      line.enumerated().compactMap { column, value in
        value.flatMap {
          row < rowLabels.count && column < columnLabels.count ? (row, column, $0) : nil
        }
      }
    }
  }
}
