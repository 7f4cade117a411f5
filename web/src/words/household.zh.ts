export const zh = {
  title: '农户',
  headLine: (path: string, number: string) => `${path} ${number}`,
  since: (day: string) => `自 ${day}`,
  form: '登记表',
  history: '登记过程',
  changes: (n: string) => `${n} 处变动`,
  yes: '是',
  no: '否',
  unanswered: '未填',
};
