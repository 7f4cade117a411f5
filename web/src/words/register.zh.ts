export const zh = {
  title: '户册',
  about: (total: string) => `您地区内登记的农户，共 ${total} 户。`,
  head: '户主',
  village: '村',
  number: '户编号',
  size: '人口',
  status: '状态',
  empty: '没有符合条件的农户。',
};
