export const zh = {
  title: '总览',
  about: (place: string, day: string) => `${place}截至 ${day} 的贫困人口和登记情况。点任何一个数，可以看到它的口径和记录。`,
  key: '主要数字',
  byDivision: '分地区',
  division: '区划',
  indicator: '指标',
  noneBelow: '这里没有更下一级的数字。',
};
