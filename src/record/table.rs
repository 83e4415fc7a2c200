//! Parquet tables of plain columns: the same rows give the same bytes.
//!
//! The low-level column writers are used as they are: the tables here are flat, and nothing of them
//! needs Arrow in between.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding};
use parquet::column::reader::{ColumnReaderImpl, get_typed_column_reader};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

use super::RecordError;

/// What the footer names as the writer: without a version, so that a new release of the library
/// alone changes no byte of it.
const CREATED_BY: &str = "tercio";

/// Starts a table with a schema in Parquet's text form. The `sorted` columns, of integers that
/// mostly grow, are stored as differences; all others through a dictionary where that pays.
pub(super) fn start<W: Write + Send>(
    inner: W,
    schema: &str,
    sorted: &[&str],
) -> Result<SerializedFileWriter<W>> {
    let mut properties = WriterProperties::builder()
        .set_created_by(CREATED_BY.to_owned())
        .set_compression(Compression::SNAPPY);
    for name in sorted {
        let column = ColumnPath::from(*name);
        properties = properties
            .set_column_dictionary_enabled(column.clone(), false)
            .set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
    }
    let schema = Arc::new(parse_message_type(schema)?);
    SerializedFileWriter::new(inner, schema, Arc::new(properties.build()))
}

/// Writes the next column of a row group.
fn write_column<W: Write + Send, T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
) -> Result<()> {
    write_levels::<W, T>(group, values, None)
}

/// Writes the next column of a row group; levels say which rows of an optional column have a value.
fn write_levels<W: Write + Send, T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<()> {
    let missing = || ParquetError::General("more columns than the schema has".to_owned());
    let mut column = group.next_column()?.ok_or_else(missing)?;
    column.typed::<T>().write_batch(values, levels, None)?;
    column.close()
}

/// Writes the next column, of values that there may not be.
fn write_optional<W: Write + Send, T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: impl Iterator<Item = Option<T::T>>,
) -> Result<()> {
    let all: Vec<Option<T::T>> = values.collect();
    let levels: Vec<i16> = all.iter().map(|value| i16::from(value.is_some())).collect();
    let there: Vec<T::T> = all.into_iter().flatten().collect();
    write_levels::<W, T>(group, &there, Some(&levels))
}

/// Writes the next column, of unsigned integers.
pub(super) fn write_integers<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: impl Iterator<Item = u64>,
) -> Result<()> {
    let values: Vec<i64> = values.map(u64::cast_signed).collect();
    write_column::<W, Int64Type>(group, &values)
}

/// Writes the next column, of numbers.
pub(super) fn write_numbers<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: impl Iterator<Item = f64>,
) -> Result<()> {
    let values: Vec<f64> = values.collect();
    write_column::<W, DoubleType>(group, &values)
}

/// Writes the next column, of text.
pub(super) fn write_texts<'a, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: impl Iterator<Item = &'a str>,
) -> Result<()> {
    let values: Vec<ByteArray> = values.map(ByteArray::from).collect();
    write_column::<W, ByteArrayType>(group, &values)
}

/// Writes the next column, of numbers that there may not be.
pub(super) fn write_optional_numbers<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: impl Iterator<Item = Option<f64>>,
) -> Result<()> {
    write_optional::<W, DoubleType>(group, values)
}

/// Writes the next column, of text that there may not be.
pub(super) fn write_optional_texts<'a, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: impl Iterator<Item = Option<&'a str>>,
) -> Result<()> {
    write_optional::<W, ByteArrayType>(group, values.map(|text| text.map(ByteArray::from)))
}

/// Reads every row group of a table through a function that gives the group's rows.
pub(super) fn read<T>(
    path: &Path,
    mut group_rows: impl FnMut(&dyn RowGroupReader) -> Result<Vec<T>>,
) -> std::result::Result<Vec<T>, RecordError> {
    let file = File::open(path).map_err(RecordError::io("open", path))?;
    let reader = SerializedFileReader::new(file).map_err(RecordError::table(path))?;
    let mut rows = Vec::new();
    for index in 0..reader.num_row_groups() {
        let group = reader
            .get_row_group(index)
            .map_err(RecordError::table(path))?;
        rows.extend(group_rows(group.as_ref()).map_err(RecordError::table(path))?);
    }
    Ok(rows)
}

/// The reader of a column, if there is one of this type: the library's own panics where there is not.
fn column<T: DataType>(group: &dyn RowGroupReader, index: usize) -> Result<ColumnReaderImpl<T>> {
    let columns = group.metadata().columns();
    let found = columns.get(index).map(ColumnChunkMetaData::column_type);
    if found != Some(T::get_physical_type()) {
        let cause = format!("column {index} is not of the type that it has in this table");
        return Err(ParquetError::General(cause));
    }
    Ok(get_typed_column_reader::<T>(
        group.get_column_reader(index)?,
    ))
}

/// All values of one column of a row group.
fn read_column<T: DataType>(group: &dyn RowGroupReader, index: usize) -> Result<Vec<T::T>> {
    let rows = usize::try_from(group.metadata().num_rows())
        .map_err(|_| ParquetError::General("a negative number of rows".to_owned()))?;
    let mut reader = column::<T>(group, index)?;
    let mut values = Vec::new();
    reader.read_records(rows, None, None, &mut values)?;
    if values.len() != rows {
        return Err(ParquetError::General(format!(
            "column {index} has too few values"
        )));
    }
    Ok(values)
}

/// All values of one optional column of a row group.
fn read_optional<T: DataType>(
    group: &dyn RowGroupReader,
    index: usize,
) -> Result<Vec<Option<T::T>>> {
    let rows = usize::try_from(group.metadata().num_rows())
        .map_err(|_| ParquetError::General("a negative number of rows".to_owned()))?;
    let mut reader = column::<T>(group, index)?;
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    reader.read_records(rows, Some(&mut levels), None, &mut values)?;
    let there = levels.iter().filter(|level| **level > 0).count();
    if levels.len() != rows || values.len() != there {
        let cause = format!("column {index} has too few values");
        return Err(ParquetError::General(cause));
    }
    let mut values = values.into_iter();
    let row = |level: &i16| if *level > 0 { values.next() } else { None };
    Ok(levels.iter().map(row).collect())
}

/// A column of numbers that there may not be.
pub(super) fn optional_numbers(
    group: &dyn RowGroupReader,
    index: usize,
) -> Result<Vec<Option<f64>>> {
    read_optional::<DoubleType>(group, index)
}

/// A column of text that there may not be.
pub(super) fn optional_texts(
    group: &dyn RowGroupReader,
    index: usize,
) -> Result<Vec<Option<String>>> {
    let values = read_optional::<ByteArrayType>(group, index)?;
    let text = |value: &ByteArray| Ok(value.as_utf8()?.to_owned());
    let texts = values.iter();
    texts
        .map(|value| value.as_ref().map(text).transpose())
        .collect()
}

/// A column of unsigned integers.
pub(super) fn integers(group: &dyn RowGroupReader, index: usize) -> Result<Vec<u64>> {
    let values = read_column::<Int64Type>(group, index)?;
    Ok(values.into_iter().map(i64::cast_unsigned).collect())
}

/// A column of numbers.
pub(super) fn numbers(group: &dyn RowGroupReader, index: usize) -> Result<Vec<f64>> {
    read_column::<DoubleType>(group, index)
}

/// A column of text.
pub(super) fn texts(group: &dyn RowGroupReader, index: usize) -> Result<Vec<String>> {
    let values = read_column::<ByteArrayType>(group, index)?;
    values
        .iter()
        .map(|value| Ok(value.as_utf8()?.to_owned()))
        .collect()
}
